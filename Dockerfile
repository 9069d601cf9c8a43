# Two images: app (web, workers, beat, migrations) and proxy. docker compose build makes both.

FROM python:3.11-slim-bookworm AS app
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 NEWSWATCH_VAR=/app/var
RUN useradd --uid 10001 --no-create-home --home-dir /tmp newswatch
WORKDIR /app
COPY pyproject.toml requirements.lock ./
# What runs in production, in the locked versions; neither the embedded servers nor the test tools.
RUN pip install --no-cache-dir uv==0.13.9 \
    && uv pip install --system --no-cache --compile-bytecode -r pyproject.toml --constraint requirements.lock \
    && pip uninstall --yes uv
COPY manage.py ./
COPY newswatch newswatch
COPY articles articles
COPY alerts alerts
COPY templates templates
RUN python -m compileall -q newswatch articles alerts \
    && NEWSWATCH_ENV=demo python manage.py collectstatic --noinput --verbosity 0
USER 10001:10001
EXPOSE 8000

FROM caddy:2-alpine AS proxy
COPY deploy/Caddyfile /etc/caddy/Caddyfile
# Named volumes take over these owners.
RUN mkdir -p /data/caddy /config/caddy && chown -R 10001:10001 /data /config
USER 10001:10001

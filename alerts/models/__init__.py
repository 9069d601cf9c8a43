"""The tables of the alerts: one file per topic."""

from alerts.models.alert import Alert, AlertRecipient
from alerts.models.backtest import Backtest
from alerts.models.briefing import BriefingReader
from alerts.models.delivery import Delivery, DeliveryHit
from alerts.models.hit import Hit
from alerts.models.matching import AlertChange, AlertFault, MatchAttempt, MatchSetback, WordCount
from alerts.models.mute import StoryMute
from alerts.models.reader import Address, Webhook
from alerts.models.spike import Spike

__all__ = [
    "Address",
    "Alert",
    "AlertChange",
    "AlertFault",
    "AlertRecipient",
    "Backtest",
    "BriefingReader",
    "Delivery",
    "DeliveryHit",
    "Hit",
    "MatchAttempt",
    "MatchSetback",
    "Spike",
    "StoryMute",
    "Webhook",
    "WordCount",
]

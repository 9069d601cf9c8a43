"""What a briefing says and how it is written as a file. Pure: no Django, no database, no clock."""

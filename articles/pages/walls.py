"""What is noted of an article whose page ends at a wall."""

WALLED = "the page shows only the beginning and wants its reader to pay or log in for the rest"
CUT = "the page, and the feed too, shows only the beginning; the rest is for those who pay or log in"
NOTES = (WALLED, CUT)

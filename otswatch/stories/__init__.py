"""Stories: are two articles one story, why, and where do its reports differ. Pure rules; stories are made elsewhere."""

from otswatch.stories.differences import differences
from otswatch.stories.links import Link, link
from otswatch.stories.profile import Profile, profile
from otswatch.stories.window import Window

__all__ = ["Link", "Profile", "Window", "differences", "link", "profile"]

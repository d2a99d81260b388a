"""Page structures: one function each, named after the CMS or site whose markup it follows."""

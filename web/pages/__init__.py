"""Pages: one file for what belongs on one desk."""

"""One file per revision, never changed once it has been released."""

"""Generated tests give the same examples in every run; `--hypothesis-profile explore` seeks more."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "steady",
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("explore", settings.get_profile("steady"), max_examples=2000, derandomize=False)
settings.load_profile("steady")

"""The settings of production, with two views to compare the site with."""

from mkbroute.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"

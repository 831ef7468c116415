"""The staff admin of pilots and of what their partners do."""

from .members import admin_urls, people_menu_item
from .pilots import PilotViewSet

__all__ = ["PilotViewSet", "admin_urls", "people_menu_item"]

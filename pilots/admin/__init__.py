"""The staff admin of pilots and of what their partners do."""

from . import contact, support
from .contact import ContactMomentViewSet
from .members import admin_urls, people_menu_item
from .pilots import PilotViewSet
from .support import SupportRequestViewSet

__all__ = ["PilotViewSet", "admin_urls", "people_menu_item"]
__all__ = ["ContactMomentViewSet", "PilotViewSet", "SupportRequestViewSet", "contact", "support"]

"""The staff admin of pilots and of what their partners do."""

from .pilots import PilotViewSet

__all__ = ["PilotViewSet"]

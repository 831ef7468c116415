from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class DecisionQuerySet(models.QuerySet):
    def on(self, target: models.Model):
        """The decisions on one object, newest first."""
        return self.filter(content_type=ContentType.objects.get_for_model(target), object_id=str(target.pk))


class Decision(models.Model):
    """What the team decided on something a partner sent in: who, when and why. It stays as long as that thing does."""

    class Verb(models.TextChoices):
        APPROVED = "goedgekeurd", "goedgekeurd"
        RETURNED = "teruggestuurd", "teruggestuurd"
        HIDDEN = "verborgen", "verborgen"
        RESTORED = "teruggezet", "weer zichtbaar gemaakt"
        NEXT_STAGE = "volgende-stap", "naar de volgende stap"
        CLOSED = "afgerond", "afgerond"
        REOPENED = "heropend", "heropend"

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=64)
    target = GenericForeignKey()
    verb = models.CharField("besluit", max_length=20, choices=Verb)
    reason = models.TextField("reden", max_length=2000, blank=True)
    version = models.CharField(
        "versie", max_length=64, blank=True, help_text="Which version was decided on, if there are versions."
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="door", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField("op", auto_now_add=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "besluit"
        verbose_name_plural = "besluiten"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    verb__in=[
                        *("goedgekeurd", "teruggestuurd", "verborgen", "teruggezet"),
                        *("volgende-stap", "afgerond", "heropend"),
                    ]
                ),
                name="decision_verb_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(verb__in=["teruggestuurd", "verborgen"]) | ~models.Q(reason=""),
                name="decision_has_reason",
                violation_error_message="Schrijf erbij waarom.",
            ),
        ]
        indexes = [models.Index("content_type", "object_id", name="decision_target")]

    def __str__(self):
        return f"{self.get_verb_display()} ({self.target})"

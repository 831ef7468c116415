from django.contrib.auth import password_validation


class MinimumLengthValidator(password_validation.MinimumLengthValidator):
    """Django's own, which has no Dutch message."""

    def get_error_message(self) -> str:
        return f"Dit wachtwoord is te kort. Gebruik minstens {self.min_length} tekens."

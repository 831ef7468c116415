from mkbroute.accounts.models import User


def test_an_address_is_kept_in_small_letters(db):
    assert User.objects.create_user("Noor@Voorbeeld.NL").email == "noor@voorbeeld.nl"


def test_without_a_password_nobody_signs_in_with_one(db):
    user = User.objects.create_user("noor@voorbeeld.nl")
    assert (user.has_usable_password(), user.check_password("")) == (False, False)


def test_a_user_is_called_by_name_or_else_by_address():
    assert str(User(email="noor@voorbeeld.nl", first_name="Noor", last_name="de Vries")) == "Noor de Vries"
    assert str(User(email="noor@voorbeeld.nl")) == "noor@voorbeeld.nl"

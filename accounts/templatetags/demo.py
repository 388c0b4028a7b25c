"""What the sign-in page has to know of a demo."""

from django import template

from accounts.demo import is_demo

register = template.Library()


@register.simple_tag
def demo_city() -> bool:
    """Whether people with a known password can sign in here."""
    return is_demo()

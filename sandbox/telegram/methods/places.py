"""Sending points on the map and contact cards."""

from aiogram import methods

from sandbox.telegram.errors import BadRequestError
from sandbox.telegram.methods.messages import send
from sandbox.telegram.schema import Wire
from sandbox.telegram.server import BotServer

_NORTH, _EAST = 90, 180


def send_location(server: BotServer, call: methods.SendLocation) -> Wire:
    """Send a point on the map."""
    return send(server.world, call, {"location": _point(call)})


def send_venue(server: BotServer, call: methods.SendVenue) -> Wire:
    """Send what stands at a point on the map."""
    venue = {"location": _point(call), "title": call.title, "address": call.address}
    return send(server.world, call, {"venue": venue, "location": venue["location"]})


def send_contact(server: BotServer, call: methods.SendContact) -> Wire:
    """Send a contact card."""
    if not call.phone_number.strip() or not call.first_name.strip():
        raise BadRequestError("phone number and first name must be non-empty")
    card = {"phone_number": call.phone_number, "first_name": call.first_name}
    return send(server.world, call, {"contact": {**card, "last_name": call.last_name} if call.last_name else {**card}})


def _point(call: methods.SendLocation | methods.SendVenue) -> Wire:
    if abs(call.latitude) > _NORTH or abs(call.longitude) > _EAST:
        raise BadRequestError("wrong latitude or longitude specified")
    return {"latitude": call.latitude, "longitude": call.longitude}

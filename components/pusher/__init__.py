"""Pusher: put a blessed model where a server takes it from."""

from components.pusher.component import Pusher as Pusher

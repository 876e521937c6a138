"""Sentences about comments on a request."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.refusals.comments import CommentMissing, CommentTooLong, TooManyComments
from handlers.translations import N_

SENTENCES: Mapping[type[Refusal], str] = {
    CommentMissing: N_("Write a comment."),
    CommentTooLong: N_("A comment takes {most} characters at most, and this has {characters}."),
    TooManyComments: N_("{request} has many comments already; the next can be sent from {until}."),
}

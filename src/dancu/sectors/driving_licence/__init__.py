"""Holders of driving licences."""

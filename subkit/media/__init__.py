"""Media files: what they are, their sound, their shot changes, and the ffmpeg program."""

from subkit.media.audio import (
    SAMPLE_RATE,
    AudioOptions,
    audio_blocks,
    channel_names,
    dialogue_channel,
    explain_stream,
    require_audio,
)
from subkit.media.container import file_url, open_media, require_file
from subkit.media.ffmpeg import (
    FfmpegFacts,
    ffmpeg_command,
    ffmpeg_facts,
    find_ffmpeg,
    run_ffmpeg,
)
from subkit.media.file_digest import media_digest
from subkit.media.probing import probe
from subkit.media.shot_search import ShotChange, ShotOptions, find_shots

__all__ = [
    "SAMPLE_RATE",
    "AudioOptions",
    "FfmpegFacts",
    "ShotChange",
    "ShotOptions",
    "audio_blocks",
    "channel_names",
    "dialogue_channel",
    "explain_stream",
    "ffmpeg_command",
    "ffmpeg_facts",
    "file_url",
    "find_ffmpeg",
    "find_shots",
    "media_digest",
    "open_media",
    "probe",
    "require_audio",
    "require_file",
    "run_ffmpeg",
]

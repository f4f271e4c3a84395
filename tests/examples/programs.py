"""Runs the programs of examples/ as their users do."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from system.deadlines import PATIENT_S
from system.harness import REPOSITORY

EXAMPLES = REPOSITORY / 'examples'
_HERE = Path(__file__).parent

# What is not in Debian; where somebody has installed it, that counts. PyTTSave's is made of what is in tests/.
_STAND_INS = {'aiogram': [_HERE / 'aiogram_stand_in'],
              'ttsave_api': [_HERE / 'pyttsave_stand_in', _HERE.parent]}
_PATH = [str(path) for name, paths in _STAND_INS.items() if importlib.util.find_spec(name) is None for path in paths]

COMMANDS = {
    'curl.sh': ['bash', EXAMPLES / 'curl.sh'],
    'python_requests.py': [sys.executable, '-B', EXAMPLES / 'python_requests.py'],
    'python_aiohttp.py': [sys.executable, '-B', EXAMPLES / 'python_aiohttp.py'],
    'pyttsave.py': [sys.executable, '-B', EXAMPLES / 'pyttsave.py'],
    'node.mjs': ['node', EXAMPLES / 'node.mjs'],
    'aiogram_bot.py': [sys.executable, '-B', EXAMPLES / 'aiogram_bot.py'],
}


def environment(api_url, api_key=None, **more):
    """This process' environment, with which server to ask, and no proxy in between."""
    kept = {name: value for name, value in os.environ.items()
            if not name.lower().endswith('_proxy') and name not in ('API_URL', 'API_KEY')}
    path = os.pathsep.join([os.environ['PYTHONPATH'], *_PATH] if 'PYTHONPATH' in os.environ else _PATH)
    return {**kept, 'API_URL': api_url, 'PYTHONPATH': path, **({'API_KEY': api_key} if api_key else {}), **more}


def run(name, *words, api_url, api_key=None):
    """Runs a program to its end."""
    return subprocess.run([*COMMANDS[name], *words], env=environment(api_url, api_key), stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=PATIENT_S, check=False)

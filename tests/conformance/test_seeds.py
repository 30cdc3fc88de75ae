# ruff: noqa: E501 (the sample programs stand as published)
"""The public sample programs, run as they stand: only address, token and question are filled in."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.conformance.findings import proves
from tests.dialects.https_front import https_front
from tests.dialects.served import (
    FOLLOW_UP,
    PATIENCE,
    QUESTION,
    Credentials,
    Served,
    clean_environment,
)

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
GLEAN = SEEDS / "001_d0ce4ac5507b00c8.txt"
PLACE = "https://<your-domain>-be.glean.com"
YEAR = str(date.today().year)
MONTH = f"{date.today():%B}"


def programs() -> list[str]:
    """The Python programs on the page about the experimental Chat API."""
    if not GLEAN.exists():
        pytest.skip(f"{GLEAN} is absent: the sample programs cannot be run as published")
    page = GLEAN.read_text()
    return re.findall(r"^import requests\n.*?^    main\(\)", page, re.DOTALL | re.MULTILINE)


def run(program: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=clean_environment(PYTHONIOENCODING="utf-8", **environment),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def filled_in(program: str, address: str, token: str, stream: bool) -> str:
    assert program.count(PLACE) == 1 and program.count("<TOKEN>") == 1
    program = program.replace(PLACE, address).replace("<TOKEN>", token)
    program = program.replace("What are the holidays this year?", QUESTION)
    return program if stream else program.replace("'stream': True", "'stream': False")


@pytest.mark.parametrize("stream", [True, False])
def test_single_message(served: Served, people: Credentials, stream: bool) -> None:
    single, _ = programs()
    printed = run(filled_in(single, served.url, people.reader, stream))
    answer, sources = printed.split("\nSources:\n")
    assert YEAR in answer
    assert re.search(rf"Source 1: Document title - .+, url: .+holidays/{YEAR}\.md", sources)


@pytest.mark.parametrize("stream", [True, False])
def test_multiple_messages(served: Served, people: Credentials, stream: bool) -> None:
    _, several = programs()
    printed = run(filled_in(several, served.url, people.reader, stream))
    first, second = re.split(r"^User message: .+\nResponse: \n", printed, flags=re.MULTILINE)[1:]
    assert f"User message: {FOLLOW_UP}" in printed
    assert YEAR in first.split("\nSources:\n")[0]
    answer, sources = second.split("\nSources:\n")
    assert MONTH in answer
    assert len(answer) < len(first)
    assert f"holidays/{YEAR}.md" in sources


def test_its_own_address_reached_through_a_proxy(
    served: Served, people: Credentials, tmp_path: Path
) -> None:
    single, _ = programs()
    program = filled_in(single, "https://acme-be.glean.com", people.reader, stream=True)
    with https_front(served.url, tmp_path) as front:
        assert YEAR in run(program, **front)


def test_question_of_the_seed_is_answered(served: Served, people: Credentials) -> None:
    single, _ = programs()
    program = single.replace(PLACE, served.url).replace("<TOKEN>", people.reader)
    assert YEAR in run(program)


# The page of Gloo's tutorial lost its line breaks where it was stored; here it has them again.
GLOO = '''#!/usr/bin/env python3
"""
Complete Chat Example - Python
Demonstrates creating a chat session and continuing the conversation.
"""

import requests
import time
import os
from dotenv import load_dotenv

# Load environment variables
load_dotenv()

# Configuration
CLIENT_ID = os.getenv("GLOO_CLIENT_ID", "YOUR_CLIENT_ID")
CLIENT_SECRET = os.getenv("GLOO_CLIENT_SECRET", "YOUR_CLIENT_SECRET")
TOKEN_URL = "https://platform.ai.gloo.com/oauth2/token"
MESSAGE_API_URL = "https://platform.ai.gloo.com/ai/v1/message"
CHAT_API_URL = "https://platform.ai.gloo.com/ai/v1/chat"

# Global token storage
access_token_info = {}

def get_access_token():
    """Retrieve a new access token from the Gloo AI API."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    data = {"grant_type": "client_credentials", "scope": "api/access"}
    response = requests.post(TOKEN_URL, headers=headers, data=data, auth=(CLIENT_ID, CLIENT_SECRET))
    response.raise_for_status()
    token_data = response.json()
    token_data['expires_at'] = int(time.time()) + token_data['expires_in']
    return token_data

def is_token_expired(token_info):
    """Check if the token is expired or close to expiring."""
    if not token_info or 'expires_at' not in token_info:
        return True
    return time.time() > (token_info['expires_at'] - 60)

def ensure_valid_token():
    """Ensure we have a valid access token."""
    global access_token_info
    if is_token_expired(access_token_info):
        print("Getting new access token...")
        access_token_info = get_access_token()
    return access_token_info['access_token']

def send_message(message_text, chat_id=None):
    """Send a message to the chat API."""
    token = ensure_valid_token()
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json"
    }
    payload = {
        "query": message_text,
        "character_limit": 1000,
        "sources_limit": 5,
        "stream": False,
        "publishers": []
    }
    if chat_id:
        payload["chat_id"] = chat_id
    response = requests.post(MESSAGE_API_URL, headers=headers, json=payload)
    response.raise_for_status()
    return response.json()

def get_chat_history(chat_id):
    """Retrieve the full chat history for a given chat ID."""
    token = ensure_valid_token()
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json"
    }
    params = {"chat_id": chat_id}
    response = requests.get(CHAT_API_URL, headers=headers, params=params)
    response.raise_for_status()
    return response.json()

def main():
    """Main function demonstrating the complete chat flow."""
    try:
        # Start with a deep, meaningful question
        initial_question = "How can I find meaning and purpose when facing life's greatest challenges?"
        print("=== Starting New Chat Session ===")
        print(f"Question: {initial_question}")
        print()

        # Create new chat session
        chat_response = send_message(initial_question)
        chat_id = chat_response['chat_id']
        print("AI Response:")
        print(chat_response['message'])
        print()

        # Show suggested follow-up questions
        if chat_response['suggestions']:
            print("Suggested follow-up questions:")
            for i, suggestion in enumerate(chat_response['suggestions'], 1):
                print(f"{i}. {suggestion}")
            print()

        # Use the first suggested question for follow-up, or fallback
        if chat_response['suggestions']:
            follow_up_question = chat_response['suggestions'][0]
        else:
            follow_up_question = "Can you give me practical steps I can take today to begin this journey?"

        print("=== Continuing the Conversation ===")
        print(f"Using suggested question: {follow_up_question}")
        print()

        # Send follow-up message
        follow_up_response = send_message(follow_up_question, chat_id)
        print("AI Response:")
        print(follow_up_response.message)
        print()

        # Display final chat history
        print("=== Complete Chat History ===")
        chat_history = get_chat_history(chat_id)
        for message in chat_history['messages']:
            role = message['role'].upper()
            content = message['message']
            print(f"{role}: {content}")
            print()

        print("Chat session completed successfully!")
    except requests.exceptions.RequestException as e:
        print(f"API Error: {e}")
    except Exception as e:
        print(f"Error: {e}")

if __name__ == "__main__":
    main()
'''
# The page's steps, which come before the complete example and leave signing in to it.
STEPS = (
    '''
MESSAGE_API_URL = "https://platform.ai.gloo.com/ai/v1/message"

def create_chat_session(initial_message):
    """Create a new chat session with an initial message."""
    token = ensure_valid_token()
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json"
    }
    # Request body for new chat (no chat_id provided)
    payload = {
        "query": initial_message,
        "character_limit": 1000,
        "sources_limit": 5,
        "stream": False,
        "publishers": [],
        "enable_suggestions": 1  # Enable suggested follow-up questions
    }
    response = requests.post(MESSAGE_API_URL, headers=headers, json=payload)
    response.raise_for_status()
    return response.json()

# Example usage
initial_question = "How can I find meaning and purpose when facing life's greatest challenges?"
chat_response = create_chat_session(initial_question)
print("Chat created successfully!")
print(f"Chat ID: {chat_response['chat_id']}")
print(f"Message ID: {chat_response['message_id']}")
print(f"Response: {chat_response['message']}")

# Show suggested follow-up questions
if chat_response.get('suggestions'):
    print("\\nSuggested follow-up questions:")
    for i, suggestion in enumerate(chat_response['suggestions'], 1):
        print(f"{i}. {suggestion}")
''',
    '''
def continue_conversation(chat_id, follow_up_message):
    """Continue an existing chat conversation."""
    token = ensure_valid_token()
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json"
    }
    # Include chat_id to continue the conversation
    payload = {
        "chat_id": chat_id,
        "query": follow_up_message,
        "character_limit": 1000,
        "sources_limit": 5,
        "stream": False,
        "publishers": [],
        "enable_suggestions": 1  # Continue getting suggestions
    }
    response = requests.post(MESSAGE_API_URL, headers=headers, json=payload)
    response.raise_for_status()
    return response.json()

# Example: Continue the conversation using a suggested response
# Use the first suggestion from the initial response
if chat_response.get('suggestions') and len(chat_response['suggestions']) > 0:
    follow_up = chat_response['suggestions'][0]  # Use first suggested question
else:
    follow_up = "Can you give me practical steps I can take today to begin this journey?"

follow_up_response = continue_conversation(chat_response['chat_id'], follow_up)
print("\\nFollow-up Response:")
print(f"Question: {follow_up}")
print(f"Response: {follow_up_response['message']}")
''',
    '''
def get_chat_history(chat_id):
    """Retrieve the complete chat history for a conversation."""
    token = ensure_valid_token()
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json"
    }
    # Use the chat endpoint to get full conversation history
    params = {"chat_id": chat_id}
    response = requests.get(CHAT_API_URL, headers=headers, params=params)
    response.raise_for_status()
    return response.json()

# Example: Get chat history after the follow-up conversation
print("\\n" + "="*50)
print("COMPLETE CONVERSATION HISTORY")
print("="*50)
chat_history = get_chat_history(chat_response['chat_id'])

# Display the conversation history
for i, message in enumerate(chat_history.get('messages', []), 1):
    role = message.get('role', 'unknown')
    content = message.get('content', '')
    timestamp = message.get('timestamp', '')
    print(f"\\n{i}. {role.upper()}: {content}")
    if timestamp:
        print(f"   Time: {timestamp}")
''',
)
DEEP_QUESTION = "How can I find meaning and purpose when facing life's greatest challenges?"
SLIP = ("follow_up_response.message", "follow_up_response['message']")


def run_gloo(program: str, served: Served, people: Credentials, folder: Path) -> str:
    with https_front(served.url, folder) as front:
        return run(
            program,
            GLOO_CLIENT_ID=people.client_id,
            GLOO_CLIENT_SECRET=people.client_secret,
            **front,
        )


@pytest.mark.parametrize("question", [DEEP_QUESTION, QUESTION])
def test_gloos_complete_example(
    served: Served, people: Credentials, tmp_path: Path, question: str
) -> None:
    """As published it takes its second answer for an object, and so ends after its messages."""
    printed = run_gloo(GLOO.replace(DEEP_QUESTION, question), served, people, tmp_path)
    assert printed.startswith("=== Starting New Chat Session ===")
    assert printed.count("AI Response:") == 2
    assert printed.endswith("Error: 'dict' object has no attribute 'message'\n")
    assert "API Error" not in printed


@proves("/oauth2/token", "grant_type", "scope")
@proves("/ai/v1/message", "query", "chat_id")
@proves("/ai/v1/chat", "chat_id")
def test_gloos_complete_example_with_its_slip_mended(
    served: Served, people: Credentials, tmp_path: Path
) -> None:
    program = GLOO.replace(DEEP_QUESTION, QUESTION).replace(*SLIP)
    printed = run_gloo(program, served, people, tmp_path)
    history = printed.split("=== Complete Chat History ===")[1]
    assert history.count("USER: ") == 2 and history.count("KALLM: ") == 2
    assert YEAR in history
    assert printed.endswith("Chat session completed successfully!\n")


def squeezed(text: str) -> str:
    """Without white space, and without the marks that the stored page put before comments."""
    return re.sub(r"\s", "", text.replace("#-", "#"))


def test_gloos_programs_are_those_of_the_page() -> None:
    page = SEEDS / "004_4319af7768d9a24d.txt"
    if not page.exists():
        pytest.skip(f"{page} is absent: nothing to compare the programs with")
    published = squeezed(page.read_text())
    for program in (GLOO, *STEPS):
        assert squeezed(program) in published


@pytest.mark.parametrize("question", [DEEP_QUESTION, QUESTION])
def test_gloos_steps(served: Served, people: Credentials, tmp_path: Path, question: str) -> None:
    signing_in = GLOO.partition("def send_message")[0]
    program = (signing_in + "".join(STEPS)).replace(DEEP_QUESTION, question)
    printed = run_gloo(program, served, people, tmp_path)
    assert "Chat created successfully!" in printed
    history = printed.split("COMPLETE CONVERSATION HISTORY")[1]
    assert re.findall(r"^(\d)\. (\w+): .", history, re.MULTILINE) == [
        ("1", "USER"), ("2", "KALLM"), ("3", "USER"), ("4", "KALLM"),
    ]  # fmt: skip
    assert history.count("Time: 20") == 4
    if question == QUESTION:
        assert YEAR in re.sub(r"Time: .*", "", history)

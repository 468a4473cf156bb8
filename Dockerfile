# Two images of one source: `front` takes updates and serves HTTP with the few packages that needs; `worker` does the
# work (also the scheduler's, the migrations' and manage.py's).
#   docker build --target front -t bank-bot-front .
#   docker build --target worker -t bank-bot-worker .

FROM python:3.11-slim-bookworm AS base
ENV PATH=/venv/bin:$PATH \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /app

FROM base AS packages
RUN python -m venv /venv

FROM packages AS front-packages
COPY requirements/front.txt .
RUN pip install --require-hashes -r front.txt

# base.txt is what all of this project needs but for its tools, so the sandbox's packages come with it.
FROM packages AS worker-packages
COPY requirements/base.txt .
RUN pip install --require-hashes -r base.txt

FROM base AS code
COPY alembic.ini config.py bot.py api.py manage.py context.txt context.en.txt ./
COPY commands commands
COPY contexts contexts
COPY database database
COPY handlers handlers
COPY locales locales
COPY middlewares middlewares
COPY migrations migrations
COPY services services
COPY settings settings
COPY tasks tasks
COPY utils utils
# The root file system is read-only where this runs, so nobody could keep the bytecode later.
RUN python -m compileall -q .

# What both images run as: a user without a home or a shell, and folders of its own for the volumes.
FROM base AS runtime
RUN groupadd --gid 10001 bank \
    && useradd --uid 10001 --gid bank --no-create-home --shell /usr/sbin/nologin bank \
    && install --directory --owner bank --group bank /metrics /objects
COPY --from=code /app /app

FROM runtime AS front
COPY --from=front-packages /venv /venv
USER 10001:10001
CMD ["python", "bot.py"]

FROM runtime AS worker
COPY --from=worker-packages /venv /venv
USER 10001:10001
CMD ["celery", "-A", "services.queue_service", "worker", "--loglevel=info"]

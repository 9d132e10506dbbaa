# What every pod runs: headrace, its stack and this project's code; `make image` builds it.
# A pod may start it as any user but root, without capabilities and with a read-only root file system: only /tmp is written to.

# It needs Python 3.11 with venv and headers, on Debian or Ubuntu.
ARG BASE_IMAGE=docker.io/library/python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS build
# One dependency, pyfarmhash, is built from source.
RUN apt-get update && apt-get install -y --no-install-recommends g++ && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY requirements-uv.lock requirements-image.lock ./
RUN python3 -m venv tools && tools/bin/pip install --no-cache-dir --require-hashes --requirement requirements-uv.lock
RUN python3 -m venv --without-pip /opt/headrace \
    && tools/bin/uv pip sync --no-cache --compile-bytecode --python /opt/headrace/bin/python --require-hashes requirements-image.lock
COPY pyproject.toml README.md LICENSE ./
COPY headrace headrace
COPY components components
RUN tools/bin/hatchling build --target wheel --directory dist \
    && tools/bin/uv pip install --no-cache --compile-bytecode --python /opt/headrace/bin/python --no-deps --offline dist/*.whl
WORKDIR /app
COPY components components
COPY configs configs
COPY pipelines pipelines
COPY schemas schemas
RUN /opt/headrace/bin/python -m pipelines.penguins.data && /opt/headrace/bin/python -m compileall -q components pipelines

FROM ${BASE_IMAGE}
# TensorFlow's kernels need OpenMP; stores and roots on other hosts need certificates.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libgomp1 && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/headrace /opt/headrace
COPY --from=build /app /app
# Beam starts a plain `python`. A user without a name, as Kubernetes may choose one, needs LOGNAME and HOME.
ENV PATH=/opt/headrace/bin:$PATH HOME=/tmp LOGNAME=headrace HEADRACE_STATE=/tmp/headrace PYTHONUNBUFFERED=1
WORKDIR /app
USER 1000:1000
CMD ["headrace", "--help"]

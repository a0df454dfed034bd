# The kit in a container: built by the scripts everybody uses, installed from its Debian package.
FROM debian:12 AS build
COPY . /kit
WORKDIR /kit
RUN scripts/setup.sh build \
 && cmake --preset release -DSTRESSKIT_TESTS=OFF -DSTRESSKIT_BENCH=OFF \
 && cmake --build --preset release \
 && cpack --config build/release/CPackConfig.cmake -B /package

FROM debian:12-slim
RUN --mount=from=build,source=/package,target=/package \
    apt-get update \
 && apt-get install -y --no-install-recommends /package/*.deb ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home kit
USER kit
WORKDIR /home/kit
RUN mkdir data
CMD ["run_telemetry"]

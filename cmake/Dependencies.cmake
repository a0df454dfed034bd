# Every library the kit uses, found once. All of them are Debian packages: see scripts/setup.sh.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(eclipse-paho-mqtt-c REQUIRED)
find_package(PahoMqttCpp REQUIRED)
find_package(pugixml REQUIRED)
find_package(ZLIB REQUIRED)
find_package(prometheus-cpp REQUIRED COMPONENTS core)

pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
# cpp-httplib must be compiled with the flags it was built with, hence pkg-config.
pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)

# Headers alone: nothing is linked, but better missed here than in the middle of the build.
foreach(library IN ITEMS nlohmann_json cxxopts tl-expected)
  find_package(${library} QUIET)
  if(NOT ${library}_FOUND)
    message(FATAL_ERROR "${library} was not found: `scripts/setup.sh build` installs what the kit is built with")
  endif()
endforeach()

if(STRESSKIT_TESTS)
  find_package(GTest REQUIRED)
endif()
if(STRESSKIT_BENCH)
  find_package(benchmark REQUIRED)
endif()

#include "support/temp_dir.hpp"

#include "stresskit/mqtt/connections.hpp"
#include "stresskit/support/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stresskit::mqtt {
namespace {

using support::Error;
using support::ExitCode;
using testing::HasSubstr;

config::Mqtt sound_settings() {
  config::Mqtt settings;
  settings.host = "127.0.0.1";
  settings.port = 1883;
  settings.engine = "paho";
  settings.version = "3.1.1";
  settings.connect_timeout = std::chrono::seconds(20);
  return settings;
}

// What is thrown, or an Error(done) when nothing is.
Error error_of(const config::Mqtt& settings) {
  try {
    (void)make_connections(settings, resolve(settings), {}, support::real_clock());
  } catch (const Error& error) {
    return error;
  }
  return {ExitCode::done, ""};
}

TEST(MakeConnections, TakesSoundSettings) {
  EXPECT_EQ(error_of(sound_settings()).code(), ExitCode::done);
}

TEST(MakeConnections, RefusesAnEngineThatDoesNotExist) {
  config::Mqtt settings = sound_settings();
  settings.engine = "telegraph";
  const Error error = error_of(settings);
  EXPECT_EQ(error.code(), ExitCode::usage);
  EXPECT_THAT(error.what(), HasSubstr("telegraph"));
}

TEST(MakeConnections, PahoDoesNotSpeakMqtt5) {
  config::Mqtt settings = sound_settings();
  settings.version = "5";
  const Error error = error_of(settings);
  EXPECT_EQ(error.code(), ExitCode::usage);
  EXPECT_THAT(error.what(), HasSubstr("MQTT_VERSION"));
}

TEST(MakeConnections, AHostThatCannotBeResolvedIsUnreachable) {
  config::Mqtt settings = sound_settings();
  settings.host = "no-such-host.invalid";  // a name that never exists: RFC 2606
  const Error error = error_of(settings);
  EXPECT_EQ(error.code(), ExitCode::unreachable);
  EXPECT_THAT(error.what(), HasSubstr("no-such-host.invalid"));
  EXPECT_THAT(error.what(), HasSubstr("MQTT_HOST"));
}

TEST(MakeConnections, RefusesACaFileWithoutCertificates) {
  const test::TempDir dir;
  config::Mqtt settings = sound_settings();
  settings.tls = true;
  settings.ca_file = dir.path() / "missing.pem";
  const Error error = error_of(settings);
  EXPECT_EQ(error.code(), ExitCode::usage);
  EXPECT_THAT(error.what(), HasSubstr("missing.pem"));
}

}  // namespace
}  // namespace stresskit::mqtt

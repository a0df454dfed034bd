#include "mqtt/look_up.hpp"

#include "stresskit/support/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <netdb.h>
#include <thread>

namespace stresskit::mqtt {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class ResolveHost : public testing::Test {
 protected:
  ResolveHost() {
    settings.host = "broker.example";
    settings.port = 1883;
    settings.connect_timeout = 20s;
  }

  /// What is thrown; "" when nothing is.
  std::string trouble_with(
      const std::function<Found(const std::string&, std::uint16_t)>& resolver) {
    try {
      (void)resolve_with(resolver, settings, {});
    } catch (const support::Error& error) {
      EXPECT_EQ(error.code(), support::ExitCode::unreachable);
      return error.what();
    }
    return "";
  }

  config::Mqtt settings;
};

TEST_F(ResolveHost, EveryAddressOfTheNameIsFound) {
  const auto found = resolve_with(
      [](const std::string& host, std::uint16_t port) {
        EXPECT_EQ(host, "broker.example");
        EXPECT_EQ(port, 1883);
        return Found{0, {Address{}, Address{}}};
      },
      settings, {});
  EXPECT_EQ(found.size(), 2U);
}

TEST_F(ResolveHost, ANameThatDoesNotExistIsUnreachable) {
  const std::string words = trouble_with([](const auto&, auto) { return Found{EAI_NONAME, {}}; });
  EXPECT_THAT(words, HasSubstr("cannot resolve the MQTT host \"broker.example\""));
  EXPECT_THAT(words, HasSubstr("check MQTT_HOST"));
}

TEST_F(ResolveHost, AnAddressNeedsNoLookUp) {
  settings.host = "127.0.0.1";
  settings.connect_timeout = 0s;
  ASSERT_EQ(resolve(settings).size(), 1U);
  EXPECT_EQ(resolve(settings).front().family(), AF_INET);
}

/// A resolver that does not answer before the test lets it.
struct Hanging {
  std::shared_ptr<std::promise<void>> answer = std::make_shared<std::promise<void>>();

  Found operator()(const std::string&, std::uint16_t) const {
    answer->get_future().wait();
    return {};
  }
};

TEST_F(ResolveHost, AResolverThatHangsDoesNotHoldAStop) {
  const Hanging hanging;
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(resolve_with(hanging, settings, stop.get_token()).empty());
  hanging.answer->set_value();
}

TEST_F(ResolveHost, AStopWhileTheResolverHangsIsHeard) {
  const Hanging hanging;
  std::stop_source stop;
  std::jthread user([&stop] { stop.request_stop(); });
  EXPECT_TRUE(resolve_with(hanging, settings, stop.get_token()).empty());
  hanging.answer->set_value();
}

TEST_F(ResolveHost, AResolverThatHangsIsGivenUp) {
  const Hanging hanging;
  settings.connect_timeout = 10ms;
  EXPECT_THAT(trouble_with(hanging), HasSubstr("no answer within 0.01 s"));
  hanging.answer->set_value();
}

}  // namespace
}  // namespace stresskit::mqtt

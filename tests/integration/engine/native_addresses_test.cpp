// A host with more than one address.
#include "integration/engine/conformance.hpp"
#include "mqtt/engine/native/native_connections.hpp"
#include "support/scripted_mqtt_server.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <initializer_list>
#include <sys/socket.h>
#include <unistd.h>

namespace stresskit::mqtt {
namespace {

using namespace std::chrono_literals;
using test::ScriptedMqttServer;
using testing::HasSubstr;

/// A port of 127.0.0.1 that is taken, and where nobody is ever accepted.
class SilentPort {
 public:
  SilentPort() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(listener_, 0), 0);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    // With the queue full the kernel answers no more.
    for (const int caller : callers_) {
      ::connect(caller, reinterpret_cast<const sockaddr*>(&address), size);
    }
  }
  ~SilentPort() {
    ::close(listener_);
    std::ranges::for_each(callers_, ::close);
  }
  SilentPort(const SilentPort&) = delete;
  SilentPort& operator=(const SilentPort&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  static int make() { return ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); }

  int listener_ = make();
  std::array<int, 3> callers_{make(), make(), make()};
  std::uint16_t port_ = 0;
};

class NativeAddresses : public EngineConformance {
 protected:
  void make_with(std::initializer_list<std::uint16_t> ports, Slot count) {
    std::vector<Address> addresses;
    for (const std::uint16_t port : ports) {
      settings.port = port;
      addresses.push_back(resolve(settings).front());
    }
    for (Slot slot = 0; slot < count; ++slot) {
      devices.push_back({fleet::device_name("sim", slot + 1), "token"});
    }
    connections = std::make_unique<native::NativeConnections>(settings, addresses, devices,
                                                              support::real_clock());
  }

  static std::uint16_t closed_port() {
    return ScriptedMqttServer(ScriptedMqttServer::serve).port();
  }
};

INSTANTIATE_TEST_SUITE_P(, NativeAddresses, testing::Values("native"), engine_name);

TEST_P(NativeAddresses, NextOneIsTriedWhenOneRefuses) {
  ScriptedMqttServer server(ScriptedMqttServer::serve);
  make_with({closed_port(), server.port()}, 3);
  open_all();
  EXPECT_TRUE(poll_until([&] { return events.count(What::connected) == 3; }));
}

TEST_P(NativeAddresses, DeviceIsRefusedWhenAllRefuse) {
  make_with({closed_port(), closed_port()}, 1);
  open_all();
  EXPECT_THAT(detail_of(What::refused), HasSubstr("Connection refused"));
  EXPECT_EQ(events.all.size(), 1U);
}

TEST_P(NativeAddresses, SilentOneGetsItsShareOfTheTimeOnly) {
  const SilentPort silent;
  ScriptedMqttServer server(ScriptedMqttServer::serve);
  settings.connect_timeout = 1s;
  make_with({silent.port(), server.port()}, 1);
  open_all();
  EXPECT_NE(await(What::connected), nullptr);
}

TEST_P(NativeAddresses, NobodyAnswersAtAll) {
  const SilentPort silent;
  settings.connect_timeout = 1s;
  make_with({silent.port()}, 1);
  open_all();
  EXPECT_EQ(detail_of(What::refused), "no TCP connection within 1 s");
  EXPECT_EQ(events.all.front().failure.bucket, fleet::Bucket::network_timeout);
}

}  // namespace
}  // namespace stresskit::mqtt

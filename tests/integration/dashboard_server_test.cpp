// The dashboard's server over real sockets: what the page relies on, and what bad clients try.
#include "dashboard/http_loop.hpp"
#include "dashboard/listener.hpp"
#include "support/temp_dir.hpp"

#include "stresskit/control/run_lock.hpp"
#include "stresskit/dashboard/server.hpp"
#include "stresskit/support/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace stresskit::dashboard {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

/// A bare TCP client; every wait ends after ten seconds.
class Client {
 public:
  explicit Client(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  Client(Client&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), connected_(other.connected_) {}
  Client& operator=(Client&&) = delete;
  ~Client() {
    if (descriptor_ >= 0) {
      ::close(descriptor_);
    }
  }

  [[nodiscard]] bool connected() const { return connected_; }
  void say(const std::string& text) const {
    ASSERT_EQ(::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  /// Everything up to the end of the connection.
  [[nodiscard]] std::string hear_all() const {
    std::string heard;
    while (read_into(heard)) {
    }
    return heard;
  }
  /// Reads until `ending` has arrived.
  [[nodiscard]] std::string hear_until(const std::string& ending) const {
    std::string heard;
    while (heard.find(ending) == std::string::npos && read_into(heard)) {
    }
    return heard;
  }
  /// Sends a byte every few milliseconds; whether the server ends it within ten seconds.
  [[nodiscard]] bool drips_until_the_end() const {
    pollfd waiting{descriptor_, POLLIN, 0};
    for (const auto end = std::chrono::steady_clock::now() + 10s;
         std::chrono::steady_clock::now() < end;) {
      if (::send(descriptor_, "a", 1, MSG_NOSIGNAL) < 0 || ::poll(&waiting, 1, 5) > 0) {
        return true;
      }
    }
    return false;
  }
  /// Whether the server ends the connection.
  [[nodiscard]] bool sees_the_end() const {
    pollfd waiting{descriptor_, POLLIN, 0};
    std::array<char, 64> bytes{};
    return ::poll(&waiting, 1, 30'000) > 0 &&
           ::recv(descriptor_, bytes.data(), bytes.size(), 0) <= 0;
  }

 private:
  bool read_into(std::string& heard) const {
    pollfd waiting{descriptor_, POLLIN, 0};
    std::array<char, 4096> bytes{};
    if (::poll(&waiting, 1, 30'000) <= 0) {
      return false;
    }
    const ssize_t got = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
    heard.append(bytes.data(), static_cast<std::size_t>(got > 0 ? got : 0));
    return got > 0;
  }

  int descriptor_;
  bool connected_ = false;
};

class DashboardServer : public testing::Test {
 protected:
  DashboardServer() {
    std::filesystem::create_directories(dir / "web");
    std::ofstream(dir / "web/index.html") << "<!doctype html>the page";
    std::filesystem::create_directories(data.dir);
  }

  void write_metrics(const json& document) const {
    std::ofstream(data.metrics()) << document.dump();
  }

  /// One request on a connection of its own: status line, headers and body.
  [[nodiscard]] std::string get(const std::string& path) const {
    const Client client(server.port());
    client.say("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    return client.hear_all();
  }

  [[nodiscard]] json get_json(const std::string& path) const {
    const std::string answer = get(path);
    return json::parse(answer.substr(answer.find("\r\n\r\n") + 4), nullptr, false);
  }

  test::TempDir dir;
  config::Data data{.dir = dir / "data"};
  Server server{
      {.host = "127.0.0.1", .port = 0, .refresh = 2s}, data, dir / "web", support::real_clock()};
  std::jthread thread{[this](std::stop_token stop) { server.run(stop); }};
};

double unix_now() {
  return support::unix_seconds(support::real_clock().wall());
}

TEST_F(DashboardServer, AnswersSeveralRequestsOnOneConnection) {
  const Client client(server.port());
  client.say("GET / HTTP/1.1\r\n\r\n");
  EXPECT_THAT(client.hear_until("the page"), StartsWith("HTTP/1.1 200 OK"));
  client.say("GET /healthz HTTP/1.1\r\n\r\nGET /nowhere HTTP/1.1\r\n\r\n");
  EXPECT_THAT(client.hear_until("404"), HasSubstr("\"ok\""));
}

TEST_F(DashboardServer, RequestMayArriveByteByByte) {
  const Client client(server.port());
  for (const char byte : std::string("GET /healthz HTTP/1.1\r\n\r\n")) {
    client.say(std::string(1, byte));
  }
  EXPECT_THAT(client.hear_until("ok"), StartsWith("HTTP/1.1 200"));
}

TEST_F(DashboardServer, FollowsARunFromItsLockToItsDeath) {
  const std::string run_id = "20261123T101500Z-4f2a";
  EXPECT_EQ(get_json("/api/state")["state"], "missing");
  {
    const control::RunLock lock = control::RunLock::take(data, run_id);
    EXPECT_EQ(get_json("/api/state")["reason"], "starting");
    write_metrics({{"status", "running"}, {"run_id", run_id}, {"updated_at", unix_now()}});
    EXPECT_EQ(get_json("/api/state")["state"], "running");
    write_metrics({{"status", "running"}, {"run_id", run_id}, {"updated_at", unix_now() - 11}});
    EXPECT_EQ(get_json("/api/state")["reason"], "silent");
  }
  EXPECT_EQ(get_json("/api/state")["reason"], "writer-gone");
  write_metrics({{"status", "stopped"}, {"run_id", run_id}, {"updated_at", unix_now()}});
  EXPECT_EQ(get_json("/api/state")["state"], "stopped");
}

TEST_F(DashboardServer, SecretsAreServedUnderNoPath) {
  std::ofstream(data.tokens()) << "SECRET";
  std::ofstream(data.devices()) << "SECRET";
  for (const char* path : {"/tokens.json",
                           "/devices.csv",
                           "/data/tokens.json",
                           "/../data/tokens.json",
                           "/js/../../data/tokens.json",
                           "/js/..%2f..%2fdata%2ftokens.json",
                           "/js/%2e%2e/%2e%2e/data/tokens.json",
                           "/css/..%5c..%5cdata%5ctokens.json",
                           "/js/..%252f..%252fdata/tokens.json",
                           "/js//data/tokens.json",
                           "/api/timeline?run=../tokens.json",
                           "/api/timeline?run=..%2f..%2ftokens.json%00",
                           "/metrics?file=tokens.json",
                           "//tokens.json",
                           "/vendor/%00",
                           "/data/tokens.json%00.js",
                           "/%2e%2e%2fdata%2ftokens.json",
                           "/js/%c0%ae%c0%ae/%c0%ae%c0%ae/data/tokens.json",
                           "http://x/data/tokens.json",
                           "/runs/%2e%2e/report.html",
                           "/runs/20261123T101500Z-4f2a/..%2f..%2ftokens.json",
                           "/js/\\..\\..\\data\\tokens.json"}) {
    EXPECT_THAT(get(path), testing::Not(HasSubstr("SECRET"))) << path;
    EXPECT_THAT(get(path), StartsWith("HTTP/1.1 4")) << path;
  }
}

TEST_F(DashboardServer, MetricsThatLinkOutOfTheDirectoryAreRefused) {
  std::ofstream(dir / "outside.json") << R"({"status":"idle","message":"SECRET"})";
  std::filesystem::create_symlink(dir / "outside.json", data.metrics());
  EXPECT_THAT(get("/metrics"), StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(get("/metrics"), testing::Not(HasSubstr("SECRET")));
  EXPECT_EQ(get_json("/api/state")["state"], "broken");
}

TEST_F(DashboardServer, PostIsRefusedWithoutWaitingForItsBody) {
  const Client client(server.port());
  client.say("POST /metrics HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n");
  const std::string answer = client.hear_all();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(answer, HasSubstr("Allow: GET, HEAD"));
}

TEST_F(DashboardServer, EndlessHeadIsCutOff) {
  const Client client(server.port());
  client.say("GET / HTTP/1.1\r\nX: " + std::string(20'000, 'a'));
  const std::string answer = client.hear_all();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 431"));
  EXPECT_THAT(answer, HasSubstr("Content-Security-Policy: "));
}

// Each of them alone would hold a thread of a thread-a-connection server.
TEST_F(DashboardServer, ClientsThatDripOrNeverReadKeepNobodyWaiting) {
  write_metrics({{"status", "idle"}, {"padding", std::string(4'000'000, 'x')}});
  std::vector<Client> clients;
  for (int i = 0; i < 30; ++i) {
    clients.emplace_back(server.port()).say("GET / HT");
  }
  for (int i = 0; i < 2; ++i) {  // each costs 4 MB of work: few, for sanitizers are slow
    clients.emplace_back(server.port()).say("GET /metrics HTTP/1.1\r\n\r\n");
  }
  EXPECT_THAT(get("/healthz"), StartsWith("HTTP/1.1 200"));
}

TEST_F(DashboardServer, AThousandConnectionsDoNotShutOutAnHonestOne) {
  constexpr rlim_t needed = 2'000;  // both ends of those that the server keeps, and the others
  rlimit files{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
  ASSERT_GE(files.rlim_max, needed) << "ulimit -Hn";
  files.rlim_cur = std::max(files.rlim_cur, needed);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
  const Client early(server.port());
  std::vector<Client> clients;
  for (int i = 0; i < 1'000; ++i) {
    clients.emplace_back(server.port()).say("G");
    if (i % 100 == 0) {
      EXPECT_THAT(get("/healthz"), StartsWith("HTTP/1.1 200")) << i;
    }
  }
  EXPECT_THAT(get("/healthz"), StartsWith("HTTP/1.1 200"));
  EXPECT_TRUE(early.sees_the_end()) << "the quietest one gives way";
  EXPECT_TRUE(clients.front().sees_the_end());
}

TEST_F(DashboardServer, WhatMakesNoSenseIsRefusedOnTheWireToo) {
  const std::string huge(400, '9');
  for (const std::string& path :
       {std::string("/api/timeline?points=-1"), "/api/timeline?points=" + huge,
        "/api/timeline?from=-" + huge, std::string("/api/timeline?to=1e999"),
        "/api/bursts?since=" + huge, std::string("/api/devices?since=-9223372036854775808"),
        "/api/device?index=" + huge, std::string("/api/summary?run=20261123T101500Z-4f2a%00"),
        std::string("/api/incidents?search=%00&sort=%00"),
        std::string("/api/server?run=..%2f..")}) {
    EXPECT_THAT(get(path), StartsWith("HTTP/1.1 400")) << path.substr(0, 60);
  }
  EXPECT_THAT(get("/api/summary?run=20261123T101500Z-ffff"), StartsWith("HTTP/1.1 404"));
  for (const char* method : {"DELETE", "PUT", "OPTIONS", "TRACE", "CONNECT", "get", "BREW"}) {
    const Client client(server.port());
    client.say(method + std::string(" /healthz HTTP/1.1\r\nConnection: close\r\n\r\n"));
    EXPECT_THAT(client.hear_all(), StartsWith("HTTP/1.1 40")) << method;
  }
}

TEST_F(DashboardServer, StopClosesOpenConnections) {
  const Client client(server.port());
  client.say("GET /healthz HTTP/1.1\r\n\r\n");
  (void)client.hear_until("ok");
  thread.request_stop();
  thread.join();
  EXPECT_TRUE(client.sees_the_end());
}

TEST_F(DashboardServer, PortOfAnotherIsRefusedInWords) {
  try {
    const Listener second("127.0.0.1", server.port());
    FAIL() << "two listeners share a port";
  } catch (const support::Error& error) {
    EXPECT_EQ(error.code(), support::ExitCode::usage);
    EXPECT_THAT(error.what(), HasSubstr("taken"));
  }
}

TEST(DashboardListener, AddressThatIsNotOursIsRefusedInWords) {
  // 192.0.2.0/24 is reserved for documentation (RFC 5737): no machine has it.
  try {
    const Listener listener("192.0.2.1", 0);
    FAIL() << "listens on a foreign address";
  } catch (const support::Error& error) {
    EXPECT_EQ(error.code(), support::ExitCode::usage);
    EXPECT_THAT(error.what(), HasSubstr("no address of this machine"));
  }
}

TEST(DashboardListener, KnowsWhetherOthersCanConnect) {
  EXPECT_TRUE(Listener("127.0.0.1", 0).is_loopback());
  EXPECT_TRUE(Listener("127.9.9.9", 0).is_loopback());
  EXPECT_TRUE(Listener("localhost", 0).is_loopback());
  EXPECT_FALSE(Listener("0.0.0.0", 0).is_loopback());
}

TEST(DashboardListener, EveryAddressIsOpenedAsLoopback) {
  const Listener listener("0.0.0.0", 0);
  EXPECT_EQ(listener.url(), "http://127.0.0.1:" + std::to_string(listener.port()) + "/");
}

/// A loop that gives everybody the same large answer.
class DashboardHttpLoop : public testing::Test {
 protected:
  void serve_with(const Limits& limits) {
    thread = std::jthread([this, limits](std::stop_token stop) {
      serve(
          listener.descriptor(),
          [](std::string_view) {
            return Reply{std::string(8'000'000, 'x'), false};
          },
          limits, support::real_clock(), stop);
    });
  }

  Listener listener{"127.0.0.1", 0};
  std::jthread thread;
};

TEST_F(DashboardHttpLoop, RequestThatIsNeverFinishedIsEnded) {
  serve_with({.request = 50ms});
  const Client silent(listener.port());
  EXPECT_TRUE(silent.sees_the_end());
  const Client half(listener.port());
  half.say("GET / HTTP/1.1\r\n");
  EXPECT_TRUE(half.sees_the_end());
}

// A deadline for the whole request: a byte now and then does not move it.
TEST_F(DashboardHttpLoop, DrippingDoesNotProlongARequest) {
  serve_with({.request = 200ms});
  const Client dripping(listener.port());
  EXPECT_TRUE(dripping.drips_until_the_end());
}

TEST_F(DashboardHttpLoop, ConnectionThatAsksNothingMoreIsEndedAfterItsAnswer) {
  serve_with({.idle = 50ms});
  const Client reader(listener.port());
  reader.say("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(reader.hear_all().size(), 8'000'000U);
}

}  // namespace
}  // namespace stresskit::dashboard

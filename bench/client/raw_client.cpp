// The baseline: bare non-blocking sockets in one epoll set, one thread, frames made beforehand. It
// keeps no account of its messages but their latency.
#include "client/figures.hpp"
#include "client/usage.hpp"
#include "common/statistics.hpp"

#include <openssl/ssl.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace bench {

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

// Messages written between two looks at the answers, lest the sockets of a large fleet fill up.
constexpr std::size_t portion = 256;
constexpr auto lead_time = 500ms;
constexpr auto longest_drain = 30s;

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

double ms(Clock::duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

class RawClient {
 public:
  explicit RawClient(const ClientOptions& options);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  ClientFigures run();

 private:
  struct Device {
    int socket = -1;
    std::unique_ptr<SSL, FreeSsl> tls;
    std::uint32_t answered = 0;
  };

  void connect(Device& device, std::uint32_t number);
  void release(Clock::time_point due, ClientFigures& figures);
  void poll(Clock::time_point until);
  void receive(Device& device);
  long read(Device& device, char* to, std::size_t room);
  void write(Device& device, std::string_view bytes);

  const ClientOptions& options_;
  std::unique_ptr<SSL_CTX, FreeSsl> tls_;
  int epoll_ = -1;
  std::vector<Device> devices_;
  std::vector<std::string> frames_;
  std::vector<Clock::time_point> due_;
  std::vector<double> latencies_ms_;
  std::vector<std::vector<double>> burst_latencies_ms_;
  std::array<char, 4'096> buffer_{};
};

/// QoS 1, packet id 1: every answer is in before it is used again, or counted as one of the next.
std::string publish_frame(std::uint32_t number) {
  constexpr std::string_view topic = "v1/devices/me/telemetry";
  char payload[128];
  const int size = std::snprintf(payload, sizeof payload,
                                 "{\"temperature\": 24.51, \"humidity\": 47, \"battery\": 3.92, "
                                 "\"status\": \"ok\", \"device\": \"sim-%05u\"}",
                                 number);
  std::string body("\x00\x17", 2);
  body += topic;
  body += std::string_view("\x00\x01", 2);
  body.append(payload, static_cast<std::size_t>(size));
  std::string frame("\x32");
  // Longer than 127 bytes, shorter than 16,384: two bytes of length.
  frame += static_cast<char>(0x80U | (body.size() & 0x7FU));
  frame += static_cast<char>(body.size() >> 7U);
  return frame + body;
}

std::string connect_frame(std::uint32_t number) {
  char id[24];
  const auto size = static_cast<std::size_t>(std::snprintf(id, sizeof id, "raw-%05u", number));
  // Name, level 4, flags: user name and clean session, keep-alive 60 s.
  std::string body("\x00\x04MQTT\x04\x82\x00\x3C", 10);
  for (int i = 0; i < 2; ++i) {  // client id, and the same as user name
    body += '\0';
    body += static_cast<char>(size);
    body.append(id, size);
  }
  std::string frame("\x10");
  frame += static_cast<char>(body.size());
  return frame + body;
}

RawClient::RawClient(const ClientOptions& options)
    : options_(options), epoll_(::epoll_create1(EPOLL_CLOEXEC)), devices_(options.devices) {
  for (std::uint32_t i = 0; i < options.devices; ++i) {
    frames_.push_back(publish_frame(i));
  }
  latencies_ms_.reserve(std::size_t{options.devices} * options.bursts);
  if (!options.ca_file.empty()) {
    tls_.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_load_verify_file(tls_.get(), options.ca_file.c_str());
    SSL_CTX_set_verify(tls_.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_mode(tls_.get(), SSL_MODE_RELEASE_BUFFERS);
  }
}

RawClient::~RawClient() {
  for (Device& device : devices_) {
    ::close(device.socket);
  }
  ::close(epoll_);
}

/// One after the other: TCP, TLS, CONNECT, and back comes CONNACK.
void RawClient::connect(Device& device, std::uint32_t number) {
  device.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(options_.port);
  if (device.socket < 0 ||
      ::connect(device.socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    fail("connect");
  }
  const int on = 1;
  ::setsockopt(device.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (tls_ != nullptr) {
    device.tls.reset(SSL_new(tls_.get()));
    SSL_set_fd(device.tls.get(), device.socket);
    if (SSL_connect(device.tls.get()) != 1) {
      throw std::runtime_error("the TLS handshake failed");
    }
  }
  write(device, connect_frame(number));
  for (long got = 0; got < 4;) {
    const long more = read(device, buffer_.data(), buffer_.size());
    if (more <= 0) {
      throw std::runtime_error("no CONNACK");
    }
    got += more;
  }
  ::fcntl(device.socket, F_SETFL, O_NONBLOCK);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u32 = number;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, device.socket, &event) != 0) {
    fail("epoll_ctl");
  }
}

long RawClient::read(Device& device, char* to, std::size_t room) {
  return device.tls == nullptr ? ::recv(device.socket, to, room, 0)
                               : SSL_read(device.tls.get(), to, static_cast<int>(room));
}

void RawClient::write(Device& device, std::string_view bytes) {
  const long sent = device.tls == nullptr
                        ? ::write(device.socket, bytes.data(), bytes.size())
                        : SSL_write(device.tls.get(), bytes.data(), static_cast<int>(bytes.size()));
  if (sent != static_cast<long>(bytes.size())) {
    fail("write");
  }
}

void RawClient::poll(Clock::time_point until) {
  std::array<epoll_event, 256> events{};
  const auto wait = std::max<Clock::duration>(until - Clock::now(), 0ns);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(wait);
  const timespec timeout{seconds.count(), (wait - seconds).count()};
  const int count =
      ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
  for (int i = 0; i < count; ++i) {
    receive(devices_[events[static_cast<std::size_t>(i)].data.u32]);
  }
}

/// Four bytes an answer, which never come in parts here.
void RawClient::receive(Device& device) {
  const long got = read(device, buffer_.data(), buffer_.size());
  if (got == 0) {
    throw std::runtime_error("the sink closed a connection");
  }
  const Clock::time_point now = Clock::now();
  for (long i = 0; i + 4 <= got; i += 4) {
    const double latency = ms(now - due_[device.answered]);
    latencies_ms_.push_back(latency);
    burst_latencies_ms_[device.answered++].push_back(latency);
  }
}

void RawClient::release(Clock::time_point due, ClientFigures& figures) {
  due_.push_back(due);
  burst_latencies_ms_.emplace_back().reserve(devices_.size());
  Clock::time_point first;
  Clock::time_point last;
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    write(devices_[i], frames_[i]);
    last = Clock::now();
    if (i == 0) {
      first = last;
    }
    if (i % portion == portion - 1) {
      poll(Clock::time_point{});
    }
  }
  figures.due_ns.push_back(static_cast<double>(due.time_since_epoch().count()));
  figures.spread_ms.push_back(ms(last - first));
  figures.lateness_ms.push_back(ms(first - due));
  figures.sent += devices_.size();
}

ClientFigures RawClient::run() {
  ClientFigures figures;
  const Clock::time_point start = Clock::now();
  for (std::uint32_t i = 0; i < devices_.size(); ++i) {
    connect(devices_[i], i);
  }
  const Clock::time_point ready = Clock::now();
  figures.connect_ms = ms(ready - start);
  const double cpu = cpu_seconds(RUSAGE_SELF);
  const auto interval =
      std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options_.interval));
  for (std::uint32_t k = 0; k < options_.bursts; ++k) {
    const Clock::time_point due = ready + lead_time + k * interval;
    while (Clock::now() < due) {
      poll(due);
    }
    release(due, figures);
  }
  const Clock::time_point end = Clock::now() + longest_drain;
  while (latencies_ms_.size() < figures.sent && Clock::now() < end) {
    poll(end);
  }
  figures.cpu_seconds = cpu_seconds(RUSAGE_SELF) - cpu;
  figures.worker_cpu_seconds = figures.cpu_seconds;
  figures.descriptors = open_descriptors();
  figures.acknowledged = latencies_ms_.size();
  for (const std::vector<double>& latencies : burst_latencies_ms_) {
    figures.burst_ack_p99_ms.push_back(percentile(latencies, 0.99));
  }
  figures.ack_p50_ms = percentile(latencies_ms_, 0.5);
  figures.ack_p99_ms = percentile(latencies_ms_, 0.99);
  return figures;
}

}  // namespace

ClientFigures run_raw(const ClientOptions& options) {
  const double before = anonymous_bytes();
  RawClient client(options);
  ClientFigures figures = client.run();
  figures.memory_bytes = anonymous_bytes() - before;
  return figures;
}

}  // namespace bench

#include "support/mosquitto_broker.hpp"

#include <arpa/inet.h>
#include <chrono>
#include <fstream>
#include <signal.h>
#include <sstream>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace stresskit::test {
namespace {

using namespace std::chrono_literals;

std::uint16_t free_port() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool bound =
      ::bind(descriptor, generic, size) == 0 && ::getsockname(descriptor, generic, &size) == 0;
  ::close(descriptor);
  if (!bound) {
    throw std::runtime_error("no free port on 127.0.0.1");
  }
  return ntohs(address.sin_port);
}

}  // namespace

MosquittoBroker::MosquittoBroker(const Options& options) {
  // Mosquitto cannot choose a port itself, and somebody may be faster with the one we found.
  for (int tries = 0; tries < 5; ++tries) {
    port_ = free_port();
    write_configuration(options);
    if (start()) {
      return;
    }
  }
  throw std::runtime_error("mosquitto does not start:\n" + log());
}

void MosquittoBroker::write_configuration(const Options& options) const {
  std::ofstream out(dir_.path() / "mosquitto.conf");
  out << "listener " << port_ << " 127.0.0.1\n"
      << "allow_anonymous " << (options.passwords_only ? "false" : "true") << "\n"
      << "persistence false\nlog_dest stderr\nlog_type all\n"
      << "max_queued_messages 0\nmax_inflight_messages 0\n";
  if (::getuid() == 0) {
    out << "user root\n";  // it would step down to a user that cannot read our files
  }
  if (options.passwords_only) {
    std::ofstream(dir_.path() / "passwords").flush();
    out << "password_file " << (dir_.path() / "passwords").string() << "\n";
  }
  if (options.read_only) {
    std::ofstream(dir_.path() / "acl") << "topic read #\n";
    out << "acl_file " << (dir_.path() / "acl").string() << "\n";
  }
  if (options.tls) {
    out << "certfile " << options.tls->certificate.string() << "\n"
        << "keyfile " << options.tls->key.string() << "\n";
  }
}

bool MosquittoBroker::start() {
  std::ofstream(dir_.path() / "log", std::ios::trunc).flush();
  process_.emplace(
      std::vector<std::string>{"mosquitto", "-c", (dir_.path() / "mosquitto.conf").string()},
      dir_.path() / "log");
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (process_->running() && std::chrono::steady_clock::now() < deadline) {
    if (log().find(" running\n") != std::string::npos) {
      return true;  // it says so once its listeners are open
    }
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

void MosquittoBroker::restart() {
  if (!start()) {
    throw std::runtime_error("mosquitto does not start again:\n" + log());
  }
}

void MosquittoBroker::freeze() {
  process_->signal(SIGSTOP);
}

void MosquittoBroker::thaw() {
  process_->signal(SIGCONT);
}

std::string MosquittoBroker::log() const {
  std::ostringstream text;
  text << std::ifstream(dir_.path() / "log").rdbuf();
  return std::move(text).str();
}

}  // namespace stresskit::test

#pragma once

#include "stresskit/support/descriptor.hpp"

#include <cstdint>
#include <string>

namespace stresskit::dashboard {

/// A socket that listens for TCP connections. It never shares its port: a second dashboard on the
/// same one is told so.
class Listener {
 public:
  /// `host`: a name or an address of this machine; `port` 0 takes a free one. Throws
  /// support::Error(usage) with the reason and what to try.
  Listener(const std::string& host, std::uint16_t port);

  [[nodiscard]] int descriptor() const { return socket_.get(); }
  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// Whether only programs on this machine can connect.
  [[nodiscard]] bool is_loopback() const;

  /// The address a browser on this machine opens; "every address" becomes the loopback one.
  [[nodiscard]] std::string url() const;

 private:
  std::string host_;
  support::Descriptor socket_;
  std::uint16_t port_ = 0;
};

}  // namespace stresskit::dashboard

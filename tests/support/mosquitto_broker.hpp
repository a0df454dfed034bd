#pragma once

#include "support/certificates.hpp"
#include "support/child_process.hpp"
#include "support/temp_dir.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace stresskit::test {

/// An unmodified Mosquitto with a configuration of its own, on a free port of 127.0.0.1.
class MosquittoBroker {
 public:
  struct Options {
    std::optional<ServerCertificate> tls = {};
    /// Only user names with a password are let in: our devices, which send none, get CONNACK 5.
    bool passwords_only = false;
    /// Nobody may publish. MQTT 3.1.1 has no word for that in a PUBACK, MQTT 5 says 0x87.
    bool read_only = false;
  };

  /// Returns when the broker answers. Throws std::runtime_error with its log when it does not
  /// within 10 s.
  MosquittoBroker() : MosquittoBroker(Options{}) {}
  explicit MosquittoBroker(const Options& options);

  [[nodiscard]] std::uint16_t port() const { return port_; }

  void kill() { process_.reset(); }
  void freeze();
  void thaw();
  /// Starts it again on the same port, after `kill`.
  void restart();

  /// What it logged so far, for the message of a failed test.
  [[nodiscard]] std::string log() const;

 private:
  void write_configuration(const Options& options) const;
  [[nodiscard]] bool start();

  TempDir dir_;
  std::uint16_t port_ = 0;
  std::optional<ChildProcess> process_;
};

}  // namespace stresskit::test

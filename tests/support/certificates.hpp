#pragma once

#include "support/temp_dir.hpp"

#include <filesystem>
#include <string>

namespace stresskit::test {

/// What a TLS server shows, in PEM files.
struct ServerCertificate {
  std::filesystem::path certificate;
  std::filesystem::path key;
};

/// A certificate authority of this test's own and what it signed, in a fresh directory.
class Certificates {
 public:
  Certificates();

  [[nodiscard]] std::filesystem::path authority() const { return dir_.path() / "ca.pem"; }
  /// The authority of somebody else: it signed none of these.
  [[nodiscard]] std::filesystem::path stranger() const { return dir_.path() / "stranger.pem"; }

  /// For localhost and 127.0.0.1, valid.
  [[nodiscard]] ServerCertificate good() const { return named("good"); }
  /// The same, but it ended a day ago.
  [[nodiscard]] ServerCertificate expired() const { return named("expired"); }
  /// Valid, but for elsewhere.example.
  [[nodiscard]] ServerCertificate wrong_name() const { return named("wrong_name"); }

 private:
  [[nodiscard]] ServerCertificate named(const std::string& name) const {
    return {dir_.path() / (name + ".pem"), dir_.path() / (name + ".key")};
  }

  TempDir dir_;
};

}  // namespace stresskit::test

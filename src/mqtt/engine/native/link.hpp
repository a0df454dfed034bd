#pragma once

#include "mqtt/engine/native/addresses.hpp"
#include "mqtt/engine/native/tls.hpp"

#include "stresskit/mqtt/classifier.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace stresskit::mqtt::native {

/// Why a connection ended, for `classify` and `describe`.
struct Cause {
  Source source = Source::system;
  std::int64_t code = 0;
};

enum class Outcome : std::uint8_t {
  done,
  blocked,  ///< not now: wait until the socket is ready
  ended,    ///< never: `cause` says why
};

struct Io {
  Outcome outcome = Outcome::done;
  std::size_t bytes = 0;
};

/// One non-blocking TCP connection, with or without TLS on it. Owns its one descriptor.
class Link {
 public:
  Link() = default;
  ~Link() { close(); }
  Link(Link&& other) noexcept;
  Link& operator=(Link&&) = delete;

  [[nodiscard]] bool is_open() const { return socket_ >= 0; }
  [[nodiscard]] int socket() const { return socket_; }

  /// Begins to connect, from `local` if given. `blocked`: call `finish_connect` when writable.
  /// REQUIRES: not open.
  [[nodiscard]] Outcome connect(const Address& address, const Address* local = nullptr);
  [[nodiscard]] Outcome finish_connect();

  /// From here on everything is encrypted. `blocked`: call `handshake` again when ready.
  [[nodiscard]] Outcome start_tls(const TlsContext& context, SSL_SESSION* resume);
  [[nodiscard]] Outcome handshake();

  [[nodiscard]] Io read(char* to, std::size_t room);

  /// Hands bytes to the kernel, perhaps only the first ones. On TLS `blocked` means that some of
  /// the bytes may be on their way: the next write must begin with the same ones.
  [[nodiscard]] Io write(std::string_view bytes);

  /// Whether the last call was blocked because TLS must first write (a handshake, a key update).
  [[nodiscard]] bool wants_to_write() const { return wants_to_write_; }

  [[nodiscard]] bool encrypted() const { return tls_ != nullptr; }
  [[nodiscard]] SSL* tls() const { return tls_.get(); }
  [[nodiscard]] const Cause& cause() const { return cause_; }

  /// Before a clean `close`: says the end of TLS, and reads what has come, because closing a socket
  /// with unread bytes resets the connection, goodbye and all. `scratch` is overwritten.
  void finish(std::span<char> scratch);

  /// No-op when closed.
  void close();

 private:
  Outcome failed(int error);
  Outcome failed_tls(int result);

  Cause cause_;
  Tls tls_;
  int socket_ = -1;
  bool wants_to_write_ = false;
};

}  // namespace stresskit::mqtt::native

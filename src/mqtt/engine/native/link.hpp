#pragma once

#include "mqtt/engine/native/tls.hpp"

#include "stresskit/mqtt/addresses.hpp"
#include "stresskit/mqtt/classifier.hpp"

#include <cstddef>
#include <cstdint>
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

  /// Begins to connect, from `local` if given. `blocked`: call `reach` when writable.
  /// REQUIRES: not open.
  [[nodiscard]] Outcome connect(const Address& address, const Address* local = nullptr);
  /// What has become of it; `blocked`: nothing yet. REQUIRES: `address` is that of `connect`, which
  /// gave `blocked`.
  [[nodiscard]] Outcome reach(const Address& address);

  /// From here on everything is encrypted. False: memory ran out, the link has ended.
  [[nodiscard]] bool start_tls(const TlsContext& context, SSL_SESSION* resume);

  // TLS itself has things to say: each of the next four calls may leave bytes in `produced`, even
  // when it ended the link. They must be written next, in this order.

  /// `blocked`: call again when readable.
  [[nodiscard]] Outcome handshake();
  [[nodiscard]] Io read(char* to, std::size_t room);
  /// Turns bytes into what goes over the wire. False: the link ended. REQUIRES: encrypted.
  [[nodiscard]] bool encrypt(std::string_view bytes);
  /// Says that nothing more will come. REQUIRES: encrypted.
  void say_end();

  /// REQUIRES: encrypted. The caller empties it.
  [[nodiscard]] std::string& produced() { return wire_of(tls_.get()).produced; }

  /// Hands bytes to the kernel as they are, perhaps only the first ones.
  [[nodiscard]] Io write(std::string_view wire);

  /// Segments sent again so far (TCP_INFO, tcpi_total_retrans).
  [[nodiscard]] std::uint32_t retransmits() const;

  [[nodiscard]] bool encrypted() const { return tls_ != nullptr; }
  [[nodiscard]] SSL* tls() const { return tls_.get(); }
  [[nodiscard]] const Cause& cause() const { return cause_; }

  /// No-op when closed.
  void close();

 private:
  Outcome failed(int error);
  Outcome failed_tls(int result);
  void take_wire();

  Cause cause_;
  Tls tls_;
  int socket_ = -1;
};

}  // namespace stresskit::mqtt::native

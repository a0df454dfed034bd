#include "mqtt/engine/native/tls.hpp"

#include "mqtt/engine/authorities.hpp"

#include "stresskit/mqtt/addresses.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <cerrno>
#include <new>
#include <sys/socket.h>

namespace stresskit::mqtt::native {
namespace {

int wire_write(BIO* bio, const char* from, int size) {
  static_cast<TlsWire*>(BIO_get_data(bio))->produced.append(from, static_cast<std::size_t>(size));
  return size;
}

int wire_read(BIO* bio, char* to, int room) {
  TlsWire& wire = *static_cast<TlsWire*>(BIO_get_data(bio));
  BIO_clear_flags(bio, BIO_FLAGS_RWS | BIO_FLAGS_SHOULD_RETRY | BIO_FLAGS_IN_EOF);
  const auto got = static_cast<int>(::recv(wire.socket, to, static_cast<std::size_t>(room), 0));
  wire.error = got < 0 ? errno : 0;
  if (got == 0) {
    BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  } else if (wire.error == EAGAIN) {
    BIO_set_retry_read(bio);
  }
  return got;
}

long wire_control(BIO* bio, int command, long /*number*/, void* /*pointer*/) {
  if (command == BIO_CTRL_EOF) {
    return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  }
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD* wire_method() {
  const auto make = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "stresskit wire");
    if (made == nullptr) {
      throw std::bad_alloc();
    }
    BIO_meth_set_write(made, wire_write);
    BIO_meth_set_read(made, wire_read);
    BIO_meth_set_ctrl(made, wire_control);
    return std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)>(made, BIO_meth_free);
  };
  static const auto method = make();
  return method.get();
}

BIO* make_wire_bio(TlsWire& wire) {
  BIO* bio = BIO_new(wire_method());
  if (bio != nullptr) {
    BIO_set_data(bio, &wire);
    BIO_set_init(bio, 1);
  }
  return bio;
}

void expect_host(SSL_CTX* context, const std::string& host) {
  X509_VERIFY_PARAM* expected = SSL_CTX_get0_param(context);
  const int done = is_ip_address(host) ? X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str())
                                       : X509_VERIFY_PARAM_set1_host(expected, host.c_str(), 0);
  if (done != 1) {
    throw std::bad_alloc();
  }
}

}  // namespace

void FreeTls::operator()(SSL* ssl) const {
  // Without this OpenSSL takes the missing close_notify for a broken session and never lets it be
  // resumed.
  SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  SSL_free(ssl);
}

TlsContext::TlsContext(const config::Mqtt& settings) : context_(SSL_CTX_new(TLS_client_method())) {
  if (context_ == nullptr) {
    throw std::bad_alloc();
  }
  SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
  // Servers often close without saying so in TLS; MQTT knows where its packets end.
  SSL_CTX_set_options(context_.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  // Idle connections, which most are most of the time, keep no buffers (34 KB each).
  SSL_CTX_set_mode(context_.get(), SSL_MODE_RELEASE_BUFFERS);
  if (!settings.tls_insecure) {
    load_authorities(context_.get(), settings.ca_file);
    expect_host(context_.get(), settings.host);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  }
  if (!is_ip_address(settings.host)) {
    server_name_ = settings.host;
  }
}

Tls TlsContext::client(SSL_SESSION* resume) const {
  Tls ssl(SSL_new(context_.get()));
  BIO* const bio = ssl == nullptr ? nullptr : make_wire_bio(*wire_);
  if (bio == nullptr) {
    return nullptr;
  }
  SSL_set_bio(ssl.get(), bio, bio);  // owns it from here on
  if (!server_name_.empty()) {
    // What the macro SSL_set_tlsext_host_name does; the string is copied.
    SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(server_name_.c_str()));
  }
  if (resume != nullptr) {
    SSL_set_session(ssl.get(), resume);
  }
  SSL_set_connect_state(ssl.get());
  return ssl;
}

TlsWire& wire_of(const SSL* ssl) {
  return *static_cast<TlsWire*>(BIO_get_data(SSL_get_rbio(ssl)));
}

TlsSession resumable_session(SSL* ssl) {
  TlsSession session(SSL_get1_session(ssl));
  const bool usable = session != nullptr && SSL_SESSION_is_resumable(session.get()) == 1;
  return usable ? std::move(session) : nullptr;
}

long tls_error(const SSL* ssl) {
  const unsigned long error = ERR_get_error();
  ERR_clear_error();
  const long verdict = SSL_get_verify_result(ssl);
  const bool unverified = ERR_GET_REASON(error) == SSL_R_CERTIFICATE_VERIFY_FAILED;
  return unverified && verdict != X509_V_OK ? verdict : static_cast<long>(error);
}

std::string tls_hint(std::int64_t code, const std::string& host) {
  if (code == X509_V_ERR_HOSTNAME_MISMATCH || code == X509_V_ERR_IP_ADDRESS_MISMATCH) {
    return fmt::format(": the certificate is not for {}", host);
  }
  const bool no_tls =
      ERR_GET_REASON(static_cast<unsigned long>(code)) == SSL_R_WRONG_VERSION_NUMBER;
  return no_tls ? " (does the port speak TLS?)" : "";
}

}  // namespace stresskit::mqtt::native

#include "sink/server_tls.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>

namespace bench {

namespace {

struct Free {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using Certificate = std::unique_ptr<X509, Free>;
using Key = std::unique_ptr<EVP_PKEY, Free>;

void require(bool done, const char* what) {
  if (!done) {
    throw std::runtime_error(std::string("TLS: cannot ") + what);
  }
}

void add_extension(X509* certificate, int kind, const char* value) {
  const std::unique_ptr<X509_EXTENSION, Free> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, kind, value));
  require(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1,
          "write the certificate's extensions");
}

Certificate self_signed(EVP_PKEY* key) {
  constexpr long a_day = 86'400;
  Certificate certificate(X509_new());
  require(certificate != nullptr, "make a certificate");
  X509* c = certificate.get();
  X509_set_version(c, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(c), 1);
  X509_gmtime_adj(X509_getm_notBefore(c), -a_day);
  X509_gmtime_adj(X509_getm_notAfter(c), a_day);
  const auto* name = reinterpret_cast<const unsigned char*>("bench sink");
  X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_ASC, name, -1, -1, 0);
  X509_set_issuer_name(c, X509_get_subject_name(c));
  X509_set_pubkey(c, key);
  add_extension(c, NID_subject_alt_name, "IP:127.0.0.1");
  add_extension(c, NID_basic_constraints, "critical,CA:TRUE");
  require(X509_sign(c, key, EVP_sha256()) > 0, "sign the certificate");
  return certificate;
}

}  // namespace

SslContext make_server_tls(const std::string& certificate_file) {
  const Key key(EVP_EC_gen("P-256"));
  require(key != nullptr, "make a key");
  const Certificate certificate = self_signed(key.get());
  const std::unique_ptr<std::FILE, Free> file(std::fopen(certificate_file.c_str(), "w"));
  require(file != nullptr && PEM_write_X509(file.get(), certificate.get()) == 1,
          "write the certificate's file");
  SslContext context(SSL_CTX_new(TLS_server_method()));
  require(context != nullptr && SSL_CTX_use_certificate(context.get(), certificate.get()) == 1 &&
              SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1,
          "make a server");
  SSL_CTX_set_mode(context.get(), SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_options(context.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);
  return context;
}

}  // namespace bench

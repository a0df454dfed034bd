#include "support/certificates.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace stresskit::test {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

constexpr long day = 24L * 60 * 60;

struct Authority {
  Key key;
  Certificate certificate;
};

void require(bool done, const char* what) {
  if (!done) {
    throw std::runtime_error(std::string("cannot make test certificates: ") + what);
  }
}

Key make_key() {
  Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  require(key != nullptr, "key");
  return key;
}

void extend(X509* certificate, X509* issuer, int what, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str());
  require(extension != nullptr, "extension");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// Days are counted from now. The caller signs.
Certificate make_unsigned(const char* common_name, EVP_PKEY* key, long from_day, long to_day) {
  static long serial = 1;
  Certificate made(X509_new(), X509_free);
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), from_day * day);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), to_day * day);
  X509_set_pubkey(made.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(common_name), -1, -1, 0);
  return made;
}

Authority make_authority(const char* name) {
  Authority made{make_key(), {nullptr, X509_free}};
  made.certificate = make_unsigned(name, made.key.get(), -2, 30);
  X509* certificate = made.certificate.get();
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  extend(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE");
  extend(certificate, certificate, NID_subject_key_identifier, "hash");
  require(X509_sign(certificate, made.key.get(), EVP_sha256()) > 0, "signature");
  return made;
}

void write_certificate(const std::filesystem::path& path, X509* certificate) {
  const File file(std::fopen(path.c_str(), "w"), std::fclose);
  require(file && PEM_write_X509(file.get(), certificate) == 1, path.c_str());
}

void write_key(const std::filesystem::path& path, EVP_PKEY* key) {
  const File file(std::fopen(path.c_str(), "w"), std::fclose);
  require(file && PEM_write_PrivateKey(file.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
          path.c_str());
}

void issue(const Authority& authority, const ServerCertificate& files, const std::string& names,
           long from_day, long to_day) {
  const Key key = make_key();
  const Certificate made = make_unsigned("mqtt server", key.get(), from_day, to_day);
  X509_set_issuer_name(made.get(), X509_get_subject_name(authority.certificate.get()));
  extend(made.get(), authority.certificate.get(), NID_subject_alt_name, names);
  require(X509_sign(made.get(), authority.key.get(), EVP_sha256()) > 0, "signature");
  write_certificate(files.certificate, made.get());
  write_key(files.key, key.get());
}

}  // namespace

Certificates::Certificates() {
  const Authority authority = make_authority("test authority");
  write_certificate(this->authority(), authority.certificate.get());
  write_certificate(stranger(), make_authority("stranger").certificate.get());

  const std::string here = "DNS:localhost,IP:127.0.0.1";
  issue(authority, good(), here, -1, 30);
  issue(authority, expired(), here, -2, -1);
  issue(authority, wrong_name(), "DNS:elsewhere.example", -1, 30);
}

}  // namespace stresskit::test

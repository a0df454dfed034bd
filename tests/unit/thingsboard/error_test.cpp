#include "stresskit/thingsboard/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace stresskit::thingsboard {
namespace {

using testing::HasSubstr;

std::string explained(ErrorKind kind, const std::string& message = {}) {
  config::ThingsBoard server;
  server.url = "https://tb.example.org";
  server.username = "me@example.org";
  ApiError error;
  error.kind = kind;
  error.message = message;
  error.request = "GET /api/tenant/devices";
  return explain(error, server);
}

TEST(Explanation, EveryFailureHasWordsOfItsOwn) {
  std::set<std::string> all;
  for (int kind = 0; kind <= static_cast<int>(ErrorKind::server_error); ++kind) {
    const std::string text = explained(static_cast<ErrorKind>(kind));
    EXPECT_THAT(text, HasSubstr("GET /api/tenant/devices failed at https://tb.example.org: "));
    EXPECT_TRUE(all.insert(text).second) << text;
  }
}

TEST(Explanation, NamesWhatTheUserCanChange) {
  using enum ErrorKind;
  const std::vector<std::pair<ErrorKind, std::string>> advice{
      {resolve, "check the host name in TB_URL"},
      {refused, "check host and port in TB_URL"},
      {network, "check TB_URL, and what lies between here and the server"},
      {connection_cut, "check TB_URL, and what lies between here and the server"},
      {timed_out, "raise TB_TIMEOUT"},
      {tls, "check the port in TB_URL, and what lies between here and the server"},
      {untrusted, "set TB_CA_FILE"},
      {not_thingsboard, "check host, port and path in TB_URL"},
      {redirected, "into TB_URL"},
      {wrong_password, "check TB_USERNAME and TB_PASSWORD"},
      {account_inactive, "activate or unlock the account"},
      {password_expired, "set a new password in ThingsBoard and in TB_PASSWORD"},
      {second_factor, "use an account without two-factor authentication"},
      {session_refused, "check the server's clock"},
      {forbidden, "\"me@example.org\" must be a tenant administrator"},
      {rate_limited, "raise the tenant's REST limit"},
      {unavailable, "wait until the server behind the proxy is up"}};
  for (const auto& [kind, words] : advice) {
    EXPECT_THAT(explained(kind), HasSubstr("; ")) << words;
    EXPECT_THAT(explained(kind), HasSubstr(words));
  }
  // What libcurl and OpenSSL say of a certificate for another name, and of a server without TLS.
  EXPECT_THAT(explained(untrusted, "SSL: no alternative certificate subject name matches"),
              HasSubstr("the certificate is for another host name"));
  EXPECT_THAT(explained(tls, "error:0A00010B:SSL routines::wrong version number"),
              HasSubstr("try http:// in TB_URL"));
}

}  // namespace
}  // namespace stresskit::thingsboard

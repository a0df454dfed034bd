#include "thingsboard/curl_error.hpp"

#include <cerrno>

namespace stresskit::thingsboard {

ErrorKind kind_of(CURLcode code, int os_error) {
  switch (code) {
    case CURLE_ABORTED_BY_CALLBACK:
      return ErrorKind::stopped;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return ErrorKind::resolve;
    case CURLE_COULDNT_CONNECT:
      return os_error == ECONNREFUSED ? ErrorKind::refused : ErrorKind::network;
    case CURLE_OPERATION_TIMEDOUT:
      return ErrorKind::timed_out;
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_FAIL_REWIND:  // a body that is never sent twice, on a kept connection
      return ErrorKind::connection_cut;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_USE_SSL_FAILED:
      return ErrorKind::tls;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return ErrorKind::untrusted;
    case CURLE_UNSUPPORTED_PROTOCOL:  // also: an answer that is no HTTP at all
    case CURLE_URL_MALFORMAT:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
      return ErrorKind::not_thingsboard;
    case CURLE_WRITE_ERROR:  // larger than we take
      return ErrorKind::bad_answer;
    default:
      return ErrorKind::network;
  }
}

}  // namespace stresskit::thingsboard

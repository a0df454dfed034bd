#include "sandbox/rest_faults.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string_view>

namespace stresskit::sandbox {
namespace {

using nlohmann::json;

/// `*` stands for any run of characters; everything else for itself.
bool matches(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() != '*') {
    return !text.empty() && text.front() == pattern.front() &&
           matches(text.substr(1), pattern.substr(1));
  }
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (matches(text.substr(i), pattern.substr(1))) return true;
  }
  return false;
}

bool fits(const RestFault& fault, const std::string& method, const std::string& path) {
  return (fault.method.empty() || fault.method == method) &&
         (fault.path.empty() ? path.starts_with("/api/") : matches(path, fault.path));
}

bool is_used_up(const RestFault& fault) {
  return fault.times == 0U;
}

int default_code(int status) {
  if (status == 401) return code_authentication;
  if (status == 403) return code_permission_denied;
  if (status == 404) return code_not_found;
  if (status == 429) return code_too_many_requests;
  return status < 500 ? code_bad_request : code_general;
}

std::string default_message(int status) {
  if (status == 429) return "Too many requests for current tenant!";
  return fmt::format("Sandbox fault {}", status);
}

template <class T>
void read(const json& from, const char* name, T& into) {
  if (const auto found = from.find(name); found != from.end()) into = found->get<T>();
}
template <class T>
void read(const json& from, const char* name, std::optional<T>& into) {
  if (const auto found = from.find(name); found != from.end()) into = found->get<T>();
}

void refuse_unknown(const json& from) {
  constexpr std::string_view known[] = {"method",       "path",     "skip",       "times",
                                        "status",       "message",  "html",       "cut",
                                        "after_effect", "delay_ms", "retry_after"};
  for (const auto& [name, value] : from.items()) {
    if (std::find(std::begin(known), std::end(known), name) == std::end(known)) {
      throw bad_request("rest: unknown member \"" + name + "\"");
    }
  }
}

}  // namespace

RestFault RestFaults::parse(const json& from) {
  if (!from.is_object()) throw bad_request("rest: not an object");
  refuse_unknown(from);
  RestFault fault;
  std::int64_t delay_ms = 0;
  try {
    read(from, "method", fault.method);
    read(from, "path", fault.path);
    read(from, "skip", fault.skip);
    read(from, "times", fault.times);
    read(from, "status", fault.status);
    read(from, "message", fault.message);
    read(from, "retry_after", fault.retry_after_s);
    read(from, "html", fault.html);
    read(from, "cut", fault.cut);
    read(from, "after_effect", fault.after_effect);
    read(from, "delay_ms", delay_ms);
  } catch (const json::exception& wrong) {
    throw bad_request(std::string("rest: ") + wrong.what());
  }
  if (!fault.cut.empty() && fault.cut != "before" && fault.cut != "half") {
    throw bad_request("rest: cut is \"before\" or \"half\"");
  }
  if (!fault.ends_request() && delay_ms <= 0) {
    throw bad_request("rest: does nothing: give status, cut or delay_ms");
  }
  fault.delay = std::chrono::milliseconds(delay_ms);
  return fault;
}

std::uint64_t RestFaults::add(RestFault fault) {
  const std::scoped_lock lock(mutex_);
  fault.id = next_id_++;
  faults_.push_back(std::move(fault));
  return faults_.back().id;
}

void RestFaults::clear() {
  const std::scoped_lock lock(mutex_);
  faults_.clear();
}

FaultEffect RestFaults::take(const std::string& method, const std::string& path) {
  const std::scoped_lock lock(mutex_);
  FaultEffect effect;
  for (RestFault& fault : faults_) {
    if (!fits(fault, method, path) || is_used_up(fault)) continue;
    if (fault.ends_request() && effect.fault) continue;
    if (fault.skip > 0) {
      --fault.skip;
      continue;
    }
    if (fault.times) --*fault.times;
    ++fault.hits;
    effect.delay += fault.delay;
    if (fault.ends_request()) effect.fault = fault;
  }
  return effect;
}

json RestFaults::to_json() const {
  const std::scoped_lock lock(mutex_);
  json all = json::array();
  for (const RestFault& fault : faults_) {
    json one{
        {"id", fault.id}, {"hits", fault.hits}, {"path", fault.path}, {"method", fault.method}};
    if (fault.times) one["times"] = *fault.times;
    if (fault.status) one["status"] = *fault.status;
    if (!fault.cut.empty()) one["cut"] = fault.cut;
    if (fault.delay.count() > 0) one["delay_ms"] = fault.delay.count();
    all.push_back(std::move(one));
  }
  return all;
}

Answer fault_answer(const RestFault& fault) {
  const int status = fault.status.value_or(500);
  Answer answer = error_answer(status, default_code(status),
                               fault.message.empty() ? default_message(status) : fault.message);
  if (fault.html) {
    answer.content_type = "text/html";
    answer.body = fmt::format(
        "<html>\r\n<head><title>{0}</title></head>\r\n<body><center><h1>{0}</h1></center>"
        "<hr><center>nginx</center></body>\r\n</html>\r\n",
        status);
  }
  if (fault.retry_after_s) {
    answer.headers.emplace_back("Retry-After", std::to_string(*fault.retry_after_s));
  }
  return answer;
}

}  // namespace stresskit::sandbox

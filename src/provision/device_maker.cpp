#include "provision/device_maker.hpp"

#include <fmt/format.h>

#include <random>
#include <utility>

namespace stresskit::provision {

namespace {

using thingsboard::Answer;
using thingsboard::ApiError;
using thingsboard::Device;
using thingsboard::ErrorKind;

constexpr int token_tries = 3;  // two of 62^20 meeting three times is a broken random source

thingsboard::NewDevice describe(const Wanted& wanted, const std::string& name) {
  thingsboard::NewDevice device;
  device.name = name;
  device.label = wanted.label;
  if (!wanted.default_profile) {
    device.type = wanted.type;
    device.profile_id = wanted.profile_id;
  }
  device.token = new_access_token();
  return device;
}

Outcome failed(Outcome outcome, ApiError error) {
  outcome.error = std::move(error);
  return outcome;
}

}  // namespace

bool profile_differs(const Device& device, const Wanted& wanted) {
  return wanted.profile_id.empty() ? device.type != wanted.type
                                   : device.profile_id != wanted.profile_id;
}

thingsboard::Attributes missing_attributes(const thingsboard::Attributes& present,
                                           const Wanted& wanted, std::uint32_t index) {
  thingsboard::Attributes missing{{"group", wanted.prefix},
                                  {"index", static_cast<std::int64_t>(index)}};
  for (const auto& [key, value] : present) {
    const auto found = missing.find(key);
    if (found != missing.end() && found->second == value) {
      missing.erase(found);
    }
  }
  if (!present.contains("batch")) {
    missing["batch"] = wanted.batch;
  }
  return missing;
}

std::string new_access_token() {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  constexpr std::size_t length = 20;
  std::random_device source;
  std::uniform_int_distribution<std::size_t> pick(0, alphabet.size() - 1);
  std::string token(length, '\0');
  for (char& c : token) {
    c = alphabet[pick(source)];
  }
  return token;
}

DeviceMaker::DeviceMaker(thingsboard::Client& client, thingsboard::Retry& retry,
                         const Wanted& wanted, Known known)
    : client_(client), retry_(retry), wanted_(wanted), known_(std::move(known)) {}

Outcome DeviceMaker::see_to(const Job& job) {
  return job.existing ? take(job, *job.existing, "") : create(job);
}

Outcome DeviceMaker::create(const Job& job) {
  Outcome outcome;
  Answer<Made> made = make(job.name);
  if (!made) {
    return failed(std::move(outcome), std::move(made.error()));
  }
  if (made->found) {
    return take(job, std::move(made->device), made->token);
  }
  outcome.created = true;
  known_(job, {made->device.id, job.name, made->device.label, made->token});
  const thingsboard::Attributes attributes = missing_attributes({}, wanted_, job.index);
  const auto saved =
      retry_([&] { return client_.save_server_attributes(made->device.id, attributes); });
  return saved ? outcome : failed(std::move(outcome), saved.error());
}

/// Makes the device. A failed attempt that may have taken effect all the same is followed by a
/// look: a second device of the name cannot be made, and the token of the first would stay unknown.
Answer<DeviceMaker::Made> DeviceMaker::make(const std::string& name) {
  thingsboard::NewDevice device = describe(wanted_, name);
  bool look_first = false;
  return retry_([&]() -> Answer<Made> {
    if (!look_first) {
      Answer<Made> made = post(device);
      if (made || made.error().kind != ErrorKind::name_taken) {
        look_first = !made && thingsboard::may_have_happened(made.error().kind);
        return made;
      }
    }
    Answer<std::optional<Device>> found = client_.find_device(name);
    if (!found) {
      look_first = true;
      return support::failure(std::move(found.error()));
    }
    look_first = false;
    return *found ? Made{**std::move(found), device.token, true} : post(device);
  });
}

Answer<DeviceMaker::Made> DeviceMaker::post(thingsboard::NewDevice& device) {
  for (int attempt = 1;; ++attempt) {
    Answer<Device> made = client_.create_device(device);
    if (made) {
      return Made{*std::move(made), device.token};
    }
    if (made.error().kind != ErrorKind::token_taken || attempt >= token_tries) {
      return support::failure(std::move(made.error()));
    }
    device.token = new_access_token();
  }
}

Outcome DeviceMaker::take(const Job& job, Device device, const std::string& our_token) {
  Outcome outcome;
  Answer<Device> current = bring_up_to_date(std::move(device), outcome.updated);
  if (!current) {
    return failed(std::move(outcome), std::move(current.error()));
  }
  const auto credentials = retry_([&] { return client_.credentials(current->id); });
  if (!credentials) {
    return failed(std::move(outcome), credentials.error());
  }
  if (credentials->type != "ACCESS_TOKEN" || credentials->value.empty()) {
    outcome.problem =
        fmt::format("has credentials of type {} instead of an access token", credentials->type);
    return outcome;
  }
  outcome.created = credentials->value == our_token;
  known_(job, {current->id, job.name, current->label, credentials->value});
  const auto complete = complete_attributes(job, current->id, outcome.updated);
  return complete ? outcome : failed(std::move(outcome), complete.error());
}

Answer<Device> DeviceMaker::bring_up_to_date(Device device, bool& updated) {
  if (device.label == wanted_.label && !profile_differs(device, wanted_)) {
    return device;
  }
  Answer<Device> answer = retry_([&] {
    return client_.update_device(device.id, {wanted_.label, wanted_.type, wanted_.profile_id});
  });
  updated = updated || answer;
  return answer;
}

Answer<void> DeviceMaker::complete_attributes(const Job& job, const std::string& id,
                                              bool& updated) {
  const auto present = retry_([&] {
    return client_.server_attributes(id, {"batch", "group", "index"});
  });
  if (!present) {
    return support::failure(present.error());
  }
  const thingsboard::Attributes missing = missing_attributes(*present, wanted_, job.index);
  if (missing.empty()) {
    return {};
  }
  const auto saved = retry_([&] { return client_.save_server_attributes(id, missing); });
  updated = updated || saved;
  return saved;
}

}  // namespace stresskit::provision

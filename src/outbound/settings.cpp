#include "outbound/settings.h"

namespace tocsin::outbound {

Result<Options> client_options(const config::Settings& settings) {
  Options options;
  TOCSIN_TRY(policy, parse_policy(settings.outbound.allow));
  options.policy = std::move(policy);
  options.policy.allow_http = settings.outbound.allow_http;
  options.policy.ports = settings.outbound.ports;
  options.ca_file = settings.outbound.ca_file;
  TOCSIN_CHECK(check_ca_file(options.ca_file));
  return options;
}

}  // namespace tocsin::outbound

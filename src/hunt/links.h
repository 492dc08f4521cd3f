#pragma once
// Links that open a query in the organisation's own tools. Templates come from the configuration; nothing is
// asked of those tools from here.
//
//   {query}              URL-encoded
//   {query_gzip}         gzip, base64, URL-encoded: Azure portal (Log Analytics)
//   {query_gzip_utf16}   UTF-16LE, gzip, base64, URL-encoded: Defender portal
//   {query_rison}        as a Rison string, URL-encoded: Kibana
//   {from} {until}       RFC 3339, URL-encoded
//   {from_epoch} {until_epoch}   seconds
//   {workspace}          siem.sentinel_workspace_id, URL-encoded

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "hunt/hunt.h"

namespace tocsin::hunt {

struct Links {
  std::map<Platform, std::string> templates;
  std::string workspace;
};

// kInvalidInput unless it is an https:// or http:// address whose placeholders are known, none of them before
// the path (nobody's query may choose the server).
Result<void> check_link(std::string_view link_template);

// Empty when the platform has no template, or when the link would be longer than kMaxLink.
std::string link_to(const Query& query, const Links& links);
constexpr std::size_t kMaxLink = 8000;  // browsers and proxies cut longer ones

}  // namespace tocsin::hunt

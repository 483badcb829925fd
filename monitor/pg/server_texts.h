// What the embedded server tells people, in both languages. Places are filled in by say().
#pragma once

#include "monitor/core/lang.h"

#include <fmt/format.h>
#include <string>

namespace pg {

template <class... Values>
[[nodiscard]] std::string say(core::Lang lang, const core::Text& text, const Values&... values)
{
    return fmt::format(fmt::runtime(text.in(lang)), values...);
}

inline constexpr core::Text kNoUserName{
    "User id {0} has no name on this machine, and PostgreSQL's initdb needs one. Add an entry to /etc/passwd, run as "
    "another user, or give a server with --dsn.",
    "用户 ID {0} 在本机没有对应的用户名，而 PostgreSQL 的 initdb 需要用户名。请在 /etc/passwd 中添加条目、换用其他用户，"
    "或用 --dsn 指定服务器。"};
inline constexpr core::Text kNoAccountForRoot{
    "PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody to run it as.",
    "PostgreSQL 不能以 root 运行，而本机既没有 postgres 用户也没有 nobody 用户。"};
inline constexpr core::Text kNoBinaries{
    "No PostgreSQL server programs (initdb, postgres) were found. Install them (Debian: apt install postgresql), or "
    "give a server with --dsn.",
    "未找到 PostgreSQL 服务器程序（initdb、postgres）。请安装（Debian：apt install postgresql），或用 --dsn 指定服务器。"};
inline constexpr core::Text kCannotCreate{
    "The folder {0} cannot be written: {1}. Choose another one with --data-dir, or give a server with --dsn.",
    "无法写入目录 {0}：{1}。请用 --data-dir 指定其他目录，或用 --dsn 指定服务器。"};
inline constexpr core::Text kInUse{
    "The cluster in {0} is in use by process {1}. Close the other Poolscope, or choose another folder with --data-dir.",
    "{0} 中的数据库正被进程 {1} 使用。请关闭另一个 Poolscope，或用 --data-dir 指定其他目录。"};
inline constexpr core::Text kLeftoverStays{
    "A PostgreSQL left over in {0} (process {1}) cannot be stopped. Stop it, or choose another folder with --data-dir.",
    "{0} 中遗留的 PostgreSQL（进程 {1}）无法停止。请手动停止它，或用 --data-dir 指定其他目录。"};
inline constexpr core::Text kWrongVersion{
    "The cluster in {0} was made by PostgreSQL {1}, installed is {2}. Install PostgreSQL {1}, or move that folder away "
    "to begin anew.",
    "{0} 中的数据库由 PostgreSQL {1} 创建，而本机安装的是 {2}。请安装 PostgreSQL {1}，或移走该目录以重新开始。"};
inline constexpr core::Text kNotACluster{
    "{0} is there but is no PostgreSQL cluster. Move it away, or choose another folder with --data-dir.",
    "{0} 已存在，但不是 PostgreSQL 数据库目录。请移走它，或用 --data-dir 指定其他目录。"};
inline constexpr core::Text kForeignOwner{
    "The cluster in {0} belongs to another user (id {1}). Choose another folder with --data-dir.",
    "{0} 中的数据库属于其他用户（ID {1}）。请用 --data-dir 指定其他目录。"};
inline constexpr core::Text kDiskFull{
    "The disk that holds {0} is full. Make room, or choose another folder with --data-dir.",
    "{0} 所在的磁盘已满。请释放空间，或用 --data-dir 指定其他目录。"};
inline constexpr core::Text kInitdbFailed{"PostgreSQL could not make a cluster in {0}: {1}",
                                          "PostgreSQL 无法在 {0} 创建数据库：{1}"};
inline constexpr core::Text kStartFailed{"PostgreSQL did not start in {0}: {1}", "PostgreSQL 未能在 {0} 启动：{1}"};
inline constexpr core::Text kStartTimeout{"PostgreSQL in {0} did not answer within {1} s; its log is {2}.",
                                          "{0} 中的 PostgreSQL 在 {1} 秒内没有响应；日志见 {2}。"};
inline constexpr core::Text kTimeout{"it took longer than {0} s", "超过 {0} 秒仍未完成"};
inline constexpr core::Text kNoSocketFolder{"No folder for the server's socket could be made: {0}",
                                            "无法创建服务器套接字目录：{0}"};

} // namespace pg

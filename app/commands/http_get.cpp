#include "app/commands/http_get.h"

#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <memory>

namespace app {

core::Result<HttpReply> httpGet(const QUrl& url, std::chrono::milliseconds timeout, const HttpHeaders& headers)
{
    QNetworkAccessManager manager;
    QNetworkRequest request(url);
    for (const auto& [name, value] : headers) {
        request.setRawHeader(name, value);
    }
    request.setTransferTimeout(static_cast<int>(timeout.count()));
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    const std::unique_ptr<QNetworkReply> reply(manager.get(request));
    QEventLoop loop;
    bool tooLong = false;
    QObject::connect(reply.get(), &QNetworkReply::downloadProgress, &loop, [&](qint64 received, qint64) {
        if (received > kMaxReply && !tooLong) {
            tooLong = true;
            reply->abort();
        }
    });
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    if (!reply->isFinished()) {
        loop.exec();
    }
    const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (tooLong) {
        return core::fail("the answer is longer than 64 MiB");
    }
    // A status beyond 299 is an error to Qt; its body says more than Qt does.
    const bool cut =
        reply->error() != QNetworkReply::NoError && reply->error() < QNetworkReply::ContentAccessDenied;
    if (status == 0 || cut) {
        const bool late = reply->error() == QNetworkReply::OperationCanceledError;
        return core::fail(late ? "no answer within " + std::to_string(timeout.count() / 1000) + " s"
                               : reply->errorString().toStdString());
    }
    return HttpReply{status, reply->readAll()};
}

} // namespace app

#include "api/error_table.hpp"

#include "http/error_response.hpp"

#include <array>
#include <cstddef>
#include <tuple>

namespace ttsave::api {

using http::status;

namespace {

constexpr std::string_view no_files = "No files available for download";

/// A row of a post that cannot be had.
error_entry of_post(fault name, errc failure, in_both_languages meaning, in_both_languages advice)
{
    return {
        name,  asked_for::download, status::bad_request, wording::detail, stable_code(failure), {}, no_files, meaning,
        advice};
}

/// A row of a value that a download's body lacks.
error_entry of_value(fault name, std::string_view code, std::string_view detail, in_both_languages meaning,
                     in_both_languages advice)
{
    return {name, asked_for::download, status::bad_request, wording::detail, code, {}, detail, meaning, advice};
}

/// A row of what goes wrong with a download in this server itself.
error_entry of_server(fault name, errc failure, wording worded, std::string_view detail, in_both_languages meaning,
                      in_both_languages advice)
{
    return {
        name,  asked_for::download, status::internal_server_error, worded, stable_code(failure), {}, detail, meaning,
        advice};
}

/// A row of a body that is not a download's.
error_entry of_body(fault name, std::string_view type, std::string_view detail, in_both_languages meaning,
                    in_both_languages advice)
{
    return {name,  asked_for::download, status::unprocessable_entity, wording::validation, {}, type, detail, meaning,
            advice};
}

/// A row of what http answers by itself.
error_entry of_http(fault name, status code, asked_for met, in_both_languages meaning, in_both_languages advice)
{
    return {name, met, code, wording::detail, {}, {}, http::own_detail(code), meaning, advice};
}

const std::array rows{
    of_value(fault::url_required, "url.required", "URL is required",
             {"The request names no link.", "В запросе нет ссылки."},
             {"Paste a link to a TikTok video or photo post.", "Вставьте ссылку на видео или фото из TikTok."}),
    of_value(fault::content_type_invalid, "content_type.invalid", "Invalid content type",
             {"The request does not say which files are wanted, or not in a way that is known here.",
              "В запросе не сказано, какие файлы нужны, или указано неизвестное значение."},
             {"Choose ORIGINAL or VIDEO_ONLY; programs send it as download_content_type.",
              "Выберите ORIGINAL или VIDEO_ONLY; программы передают это в ключе download_content_type."}),
    of_post(fault::post_private, errc::post_private,
            {"The post or its account is private, or only friends may see it.",
             "Пост или аккаунт закрыт либо доступен только друзьям автора."},
            {"Ask the author to open it. The operator can give the server the cookies of an account that may see it "
             "(cookies_file).",
             "Попросите автора открыть доступ. Владелец сервера может указать куки аккаунта, которому пост виден "
             "(cookies_file)."}),
    of_post(
        fault::post_unavailable, errc::post_unavailable,
        {"The post was removed, is blocked in the server's region, or never existed.",
         "Пост удалён, недоступен в регионе сервера или никогда не существовал."},
        {"Check whether the link opens in TikTok. If it does, the operator can try a proxy in another country "
         "(proxy).",
         "Проверьте, открывается ли ссылка в TikTok. Если да, владельцу сервера может помочь прокси в другой стране "
         "(proxy)."}),
    of_post(fault::post_login_required, errc::post_login_required,
            {"TikTok shows this post only to those who are logged in, for example because of an age limit.",
             "TikTok показывает этот пост только после входа в аккаунт, например из-за возрастного ограничения."},
            {"Try another post. The operator can give the server the cookies of an account that is logged in "
             "(cookies_file).",
             "Попробуйте другой пост. Владелец сервера может указать куки аккаунта, в который выполнен вход "
             "(cookies_file)."}),
    of_post(fault::post_unsupported, errc::post_unsupported,
            {"The link leads to something that is not a video or photo post, such as a profile or a live stream.",
             "Ссылка ведёт не на видео и не на фото, а, например, в профиль или на прямой эфир."},
            {"Open the post itself in TikTok and copy the link from there.",
             "Откройте сам пост в TikTok и скопируйте ссылку оттуда."}),
    of_post(fault::post_too_large, errc::post_too_large,
            {"The post's file is larger than this server delivers.",
             "Файл этого поста больше, чем разрешено на этом сервере."},
            {"Try another post. The operator can raise max_file_bytes.",
             "Попробуйте другой пост. Владелец сервера может увеличить max_file_bytes."}),
    of_post(fault::tiktok_blocked, errc::tiktok_blocked,
            {"TikTok refuses this server, or has changed in a way that the server does not understand yet.",
             "TikTok отказывает этому серверу или изменился так, что сервер его пока не понимает."},
            {"Try again later. If it happens with every post, the operator should update yt-dlp (ttsave-update) or use "
             "another address (proxy, proxies_file).",
             "Попробуйте позже. Если так с каждым постом, владельцу сервера стоит обновить yt-dlp (ttsave-update) или "
             "сменить адрес (proxy, proxies_file)."}),
    of_post(
        fault::tiktok_timeout, errc::tiktok_timeout, {"TikTok did not answer in time.", "TikTok не ответил вовремя."},
        {"Try again in a minute. If it goes on, the operator should check the server's network and proxy.",
         "Попробуйте ещё раз через минуту. Если это повторяется, владельцу сервера стоит проверить сеть и прокси."}),
    of_post(fault::tiktok_error, errc::tiktok_error,
            {"TikTok answered with an error or broke the connection off, twice in a row.",
             "TikTok два раза подряд ответил ошибкой или оборвал соединение."},
            {"Try again in a few minutes.", "Попробуйте ещё раз через несколько минут."}),
    of_post(fault::media_unavailable, errc::media_unavailable,
            {"None of TikTok's hosts gave one of the files: the video, a photo or the sound.",
             "Ни один из узлов TikTok не отдал один из файлов: видео, фото или звук."},
            {"Try again in a few minutes.", "Попробуйте ещё раз через несколько минут."}),
    of_post(fault::media_broken, errc::media_broken,
            {"A photo or the sound arrived, but cannot be decoded to make a video of it.",
             "Фото или звук получены, но повреждены: сделать из них видео не удалось."},
            {"Ask for the original files instead (ORIGINAL).", "Скачайте вместо видео исходные файлы (ORIGINAL)."}),
    of_post(fault::extractor_failed, errc::extractor_failed,
            {"yt-dlp, which reads TikTok's pages for this server, failed for an unknown reason.",
             "Программа yt-dlp, которая читает для сервера страницы TikTok, завершилась неизвестной ошибкой."},
            {"Try again. If it happens again, the operator finds the details in the server's log.",
             "Попробуйте ещё раз. Если ошибка повторится, владелец сервера найдёт подробности в журнале."}),
    of_server(fault::slideshow_unavailable, errc::slideshow_unavailable, wording::internal,
              "this server cannot make videos of photos",
              {"This server has no ffmpeg that can make a video of photos.",
               "На этом сервере нет ffmpeg, который мог бы собрать видео из фото."},
              {"Ask for the original photos and sound instead (ORIGINAL). The operator can install ffmpeg.",
               "Скачайте исходные фото и звук (ORIGINAL). Владелец сервера может установить ffmpeg."}),
    of_server(fault::slideshow_failed, errc::slideshow_failed, wording::internal, "the video could not be made",
              {"Making a video of the photos took too long, or was broken off.",
               "Сборка видео из фото заняла слишком много времени или была прервана."},
              {"Try again, or ask for the original photos and sound (ORIGINAL).",
               "Попробуйте ещё раз или скачайте исходные фото и звук (ORIGINAL)."}),
    of_server(fault::storage_failed, errc::storage_failed, wording::detail, "Failed to save the file",
              {"The server could not write the file: its disk is full or cannot be written to.",
               "Сервер не смог записать файл: диск заполнен или недоступен для записи."},
              {"Try again later. The operator should check cache_dir and how much room it has.",
               "Попробуйте позже. Владельцу сервера стоит проверить cache_dir и свободное место в нём."}),
    of_body(fault::body_missing, "value_error.missing", "field required",
            {"The request has no body.", "Тело запроса пусто."},
            {"Programs have to send a JSON object with url and download_content_type.",
             "Программа должна отправить объект JSON с ключами url и download_content_type."}),
    of_body(fault::body_not_json, "value_error.jsondecode", "Expecting value: line 1 column 1 (char 0)",
            {"The request's body is not valid JSON.", "Тело запроса содержит некорректный JSON."},
            {"Programs should have a library write the JSON; msg says where the mistake is.",
             "Программе лучше составлять JSON библиотекой; где именно ошибка, сказано в msg."}),
    of_body(fault::body_not_object, "type_error.dict", "value is not a valid dict",
            {"The request's body is not a JSON object, or not declared as JSON.",
             "Тело запроса не является объектом JSON или передано не как JSON."},
            {"Programs have to send a JSON object with Content-Type: application/json.",
             "Программа должна отправить объект JSON с заголовком Content-Type: application/json."}),
    of_body(fault::value_not_text, "type_error.str", "str type expected",
            {"The link or the content type is not a string.", "Ссылка или тип содержимого переданы не строкой."},
            {"Programs have to send both as JSON strings.", "Программа должна передать оба значения строками JSON."}),
    of_body(fault::url_not_a_post, "value_error.url.host", "URL is not a TikTok video or photo",
            {"This is not a link to a TikTok video or photo post.", "Это не ссылка на видео или фото из TikTok."},
            {"Copy the post's link in TikTok and paste all of it; links to other sites are not accepted.",
             "Скопируйте ссылку на пост в TikTok и вставьте её целиком; ссылки на другие сайты не подходят."}),
    error_entry{
        fault::not_authenticated,
        asked_for::what_needs_a_key,
        status::unauthorized,
        wording::detail,
        {},
        {},
        "Not authenticated",
        {"This server wants a key, and was not shown one that it knows.",
         "Этому серверу нужен ключ, а верный ключ не указан."},
        {"Enter the key that the server's operator has given you.", "Введите ключ, который вам дал владелец сервера."}},
    error_entry{fault::too_many_requests,
                asked_for::what_needs_a_key,
                status::too_many_requests,
                wording::detail,
                {},
                {},
                "Too Many Requests",
                {"There were too many requests from you within a minute, or there are too many at a time.",
                 "От вас слишком много запросов за минуту или одновременно."},
                {"Wait until your other downloads have ended, at least for the seconds that Retry-After names, and try "
                 "again.",
                 "Дождитесь окончания других загрузок, подождите указанное в Retry-After число секунд и попробуйте ещё "
                 "раз."}},
    of_http(fault::unreadable, status::bad_request, asked_for::anything,
            {"What arrived is not a valid HTTP request.", "Полученный запрос не соответствует правилам HTTP."},
            {"Use an ordinary browser or HTTP library, and check the proxy in between if there is one.",
             "Используйте обычный браузер или библиотеку HTTP и проверьте прокси, если он есть."}),
    of_http(fault::not_found, status::not_found, asked_for::nothing_there,
            {"There is nothing at this address.", "По этому адресу ничего нет."},
            {"Check the address, above all the path before /download or /ping.",
             "Проверьте адрес, прежде всего путь перед /download или /ping."}),
    of_http(
        fault::method_not_allowed, status::method_not_allowed, asked_for::nothing_there,
        {"This address exists, but not for this HTTP method.", "Этот адрес есть, но такой метод HTTP он не принимает."},
        {"Use a method that the answer's Allow header names.", "Используйте метод из заголовка Allow этого ответа."}),
    of_http(fault::body_too_large, status::payload_too_large, asked_for::download,
            {"The request's body is larger than a link can be.", "Тело запроса больше, чем нужно для ссылки."},
            {"Paste only the link and the text around it; programs may send 64 KiB.",
             "Вставьте только ссылку с небольшим текстом вокруг; программам разрешено не больше 64 КиБ."}),
    of_http(fault::target_too_long, status::uri_too_long, asked_for::anything,
            {"The request's address is too long.", "Адрес запроса слишком длинный."},
            {"Send the post's link in the body of the request rather than in its address.",
             "Передавайте ссылку на пост в теле запроса, а не в его адресе."}),
    of_http(fault::expectation_failed, status::expectation_failed, asked_for::anything,
            {"The request's Expect header asks for something that this server does not do.",
             "Заголовок Expect требует того, чего этот сервер не умеет."},
            {"Leave that header out, or send 100-continue in it.",
             "Не отправляйте этот заголовок или отправьте в нём 100-continue."}),
    of_http(fault::head_too_large, status::request_header_fields_too_large, asked_for::anything,
            {"The request has too many headers, or too long ones.",
             "В запросе слишком много заголовков, или они слишком длинные."},
            {"In a browser, delete the cookies of this site; programs should send fewer headers.",
             "В браузере удалите куки этого сайта; программе следует отправлять меньше заголовков."}),
    error_entry{
        fault::unexpected,
        asked_for::anything,
        status::internal_server_error,
        wording::internal,
        {},
        {},
        http::unexpected_reason,
        {"Something went wrong inside the server.", "Внутри сервера произошла непредвиденная ошибка."},
        {"Try again. If it happens again, the operator finds the reason in the log, by the answer's X-Request-Id.",
         "Попробуйте ещё раз. Если ошибка повторится, владелец сервера найдёт причину в журнале по X-Request-Id "
         "этого ответа."}},
    of_http(fault::unavailable, status::service_unavailable, asked_for::anything,
            {"The server has as much to do as it can, or is being stopped.",
             "Сервер загружен до предела или останавливается."},
            {"Try again in a few seconds.", "Попробуйте ещё раз через несколько секунд."}),
};

static_assert(std::tuple_size_v<decltype(rows)> == static_cast<std::size_t>(fault::unavailable) + 1,
              "a row for each fault");

} // namespace

std::span<const error_entry> error_table() noexcept
{
    return rows;
}

const error_entry& entry_of(fault name) noexcept
{
    return rows[static_cast<std::size_t>(name)];
}

std::string name_of(const error_entry& row)
{
    if (!row.code.empty())
        return std::string(row.code);
    if (!row.type.empty())
        return std::string(row.type);
    return "http-" + std::to_string(static_cast<unsigned>(row.status));
}

fault fault_of(errc failure) noexcept
{
    switch (failure) {
    case errc::post_private: return fault::post_private;
    case errc::post_unavailable: return fault::post_unavailable;
    case errc::post_login_required: return fault::post_login_required;
    case errc::post_unsupported: return fault::post_unsupported;
    case errc::post_too_large: return fault::post_too_large;
    case errc::tiktok_blocked: return fault::tiktok_blocked;
    case errc::tiktok_timeout: return fault::tiktok_timeout;
    case errc::tiktok_error: return fault::tiktok_error;
    case errc::media_unavailable: return fault::media_unavailable;
    case errc::media_broken: return fault::media_broken;
    case errc::extractor_failed: return fault::extractor_failed;
    case errc::slideshow_unavailable: return fault::slideshow_unavailable;
    case errc::slideshow_failed: return fault::slideshow_failed;
    case errc::storage_failed: return fault::storage_failed;
    case errc::overloaded:
    case errc::shutting_down: return fault::unavailable;
    case errc::marker_in_media: break; // only ever found after the header has left
    }
    return fault::unexpected;
}

} // namespace ttsave::api

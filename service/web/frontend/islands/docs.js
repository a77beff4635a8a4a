import 'swagger-ui-dist/swagger-ui.css';
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js';
import { csrfToken } from '../lib/http.js';
import { island } from '../lib/island.js';
import { _ } from '../lib/texts.js';

/** Swagger UI has no translations of its own: its fixed words are replaced as they appear. */
const WORDS = new Map([
  ['Authorize', _('登录')],
  ['Available authorizations', _('登录方式')],
  ['Authorized', _('已登录')],
  ['Logout', _('退出')],
  ['Close', _('关闭')],
  ['Username:', _('用户名：')],
  ['Password:', _('密码：')],
  ['Value:', _('值：')],
  ['Servers', _('服务器')],
  ['Schemas', _('数据结构')],
  ['Parameters', _('参数')],
  ['No parameters', _('没有参数')],
  ['Name', _('名称')],
  ['Description', _('说明')],
  ['Request body', _('请求内容')],
  ['Example Value', _('示例')],
  ['Schema', _('结构')],
  ['Media type', _('内容类型')],
  ['Controls', _('由它决定')],
  ['Accept', _('请求头')],
  ['header.', _('。')],
  ['Try it out', _('试一试')],
  ['Cancel', _('取消')],
  ['Reset', _('恢复')],
  ['Execute', _('发送')],
  ['Clear', _('清除')],
  ['Responses', _('回答')],
  ['Response', _('回答')],
  ['Server response', _('服务器的回答')],
  ['Response body', _('回答内容')],
  ['Response headers', _('回答头')],
  ['Request URL', _('请求地址')],
  ['Request duration', _('用时')],
  ['Code', _('状态')],
  ['Details', _('内容')],
  ['Download', _('下载')],
  ['Undocumented', _('文档没有写')],
  ['Links', _('链接')],
  ['No links', _('没有链接')],
  ['Loading', _('正在载入')],
  ['required', _('必填')],
  ['Expand all', _('全部展开')],
  ['Collapse all', _('全部收起')],
  ['Send empty value', _('发送空值')],
  ['Add string item', _('添加一项')],
  ['Failed to fetch.', _('请求没有成功。')],
]);

/** Where texts of our own or of an answer stand: they are never touched. */
const LEFT_ALONE = 'pre, code, textarea, input, .renderedMarkdown, .opblock-summary-path';

function translate(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const word = WORDS.get(text.nodeValue.trim());
    if (word && !text.parentElement?.closest(LEFT_ALONE)) text.nodeValue = word;
  }
}

function keepTranslated(element) {
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        if (node.nodeType === Node.ELEMENT_NODE) translate(node);
        else if (node.nodeType === Node.TEXT_NODE && node.parentNode) translate(node.parentNode);
      }
    }
  }).observe(element, { childList: true, subtree: true });
}

function mount(element, { url }) {
  keepTranslated(element);
  SwaggerUI({
    domNode: element,
    url,
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    persistAuthorization: false,
    // The document is ours and stays here: no outside checker is asked about it.
    validatorUrl: null,
    // Whoever is signed in on the pages may try a call at once.
    requestInterceptor: (request) => {
      request.headers['X-CSRFToken'] = csrfToken();
      return request;
    },
  });
}

island('docs', mount);

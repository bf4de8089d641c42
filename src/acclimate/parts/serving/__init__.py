"""Serving: the student as files that other programs load."""

from acclimate.parts.serving.faiss_index import FaissIndex as FaissIndex
from acclimate.parts.serving.lance_table import LanceTable as LanceTable
from acclimate.parts.serving.model_folder import ModelFolder as ModelFolder
from acclimate.parts.serving.onnx import Onnx as Onnx
from acclimate.parts.serving.open_vino import OpenVINO as OpenVINO
from acclimate.parts.serving.qdrant_collection import QdrantCollection as QdrantCollection
